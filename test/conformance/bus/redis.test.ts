import { logHangSuite, logOutageSuite } from './log-outages.ts';
import { logSuite } from './log-suite.ts';
import { outageSuite } from './outages.ts';
import { redisAlone } from './subjects.ts';
import { busSuite } from './suite.ts';
import { topicsOutageSuite, topicsSuite } from './topics-suite.ts';

busSuite(redisAlone);
outageSuite(redisAlone);
logSuite(redisAlone);
logOutageSuite(redisAlone);
logHangSuite(redisAlone);
topicsSuite(redisAlone);
topicsOutageSuite(redisAlone);
