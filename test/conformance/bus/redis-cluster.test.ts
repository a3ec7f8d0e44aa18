import { outageSuite } from './outages.ts';
import { redisCluster } from './subjects.ts';
import { busSuite } from './suite.ts';

busSuite(redisCluster);
outageSuite(redisCluster);
