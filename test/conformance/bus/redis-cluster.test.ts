import { logHangSuite, logOutageSuite } from './log-outages.ts';
import { logSuite } from './log-suite.ts';
import { outageSuite } from './outages.ts';
import { redisCluster } from './subjects.ts';
import { busSuite } from './suite.ts';
import { topicsOutageSuite, topicsSuite } from './topics-suite.ts';

busSuite(redisCluster);
outageSuite(redisCluster);
logSuite(redisCluster);
logOutageSuite(redisCluster);
logHangSuite(redisCluster);
topicsSuite(redisCluster);
topicsOutageSuite(redisCluster);
