import { patienceSuite } from './patience.ts';
import { uws } from './subjects.ts';

patienceSuite(uws);
