import { outageSuite } from './outages.ts';
import { local } from './subjects.ts';
import { busSuite } from './suite.ts';

busSuite(local);
outageSuite(local);
