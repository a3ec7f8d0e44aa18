import { logOutageSuite } from './log-outages.ts';
import { logSuite } from './log-suite.ts';
import { outageSuite } from './outages.ts';
import { local } from './subjects.ts';
import { busSuite } from './suite.ts';
import { topicsOutageSuite, topicsSuite } from './topics-suite.ts';

busSuite(local);
outageSuite(local);
logSuite(local);
logOutageSuite(local);
topicsSuite(local);
topicsOutageSuite(local);
