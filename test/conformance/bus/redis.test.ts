import { outageSuite } from './outages.ts';
import { redisAlone } from './subjects.ts';
import { busSuite } from './suite.ts';

busSuite(redisAlone);
outageSuite(redisAlone);
