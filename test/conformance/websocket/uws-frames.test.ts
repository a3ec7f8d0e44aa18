import { framesSuite } from './frames.ts';
import { uws } from './subjects.ts';

framesSuite(uws);
