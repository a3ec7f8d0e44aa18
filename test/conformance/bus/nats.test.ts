import { outageSuite } from './outages.ts';
import { natsAlone } from './subjects.ts';
import { busSuite } from './suite.ts';

busSuite(natsAlone);
outageSuite(natsAlone);
