import { patienceSuite } from './patience.ts';
import { node } from './subjects.ts';

patienceSuite(node);
