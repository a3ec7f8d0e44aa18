import { comparisonSuite } from './comparison.ts';
import { kit2 } from './majors.ts';

comparisonSuite(kit2);
