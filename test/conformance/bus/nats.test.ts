import { logHangSuite, logOutageSuite } from './log-outages.ts';
import { logSuite } from './log-suite.ts';
import { outageSuite } from './outages.ts';
import { natsAlone } from './subjects.ts';
import { busSuite } from './suite.ts';
import { topicsOutageSuite, topicsSuite } from './topics-suite.ts';

busSuite(natsAlone);
outageSuite(natsAlone);
logSuite(natsAlone);
logOutageSuite(natsAlone);
logHangSuite(natsAlone);
topicsSuite(natsAlone);
topicsOutageSuite(natsAlone);
