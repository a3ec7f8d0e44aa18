import { framesSuite } from './frames.ts';
import { bun } from './subjects.ts';

framesSuite(bun);
