import { outageSuite } from './outages.ts';
import { cluster, elected } from './subjects.ts';
import { busSuite } from './suite.ts';

busSuite(cluster);
outageSuite(cluster);
busSuite(elected);
