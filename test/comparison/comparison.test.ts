import { comparisonSuite } from './comparison.ts';
import { kit3 } from './majors.ts';

comparisonSuite(kit3);
