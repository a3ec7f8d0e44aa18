import { patienceSuite } from './patience.ts';
import { bun } from './subjects.ts';

patienceSuite(bun);
