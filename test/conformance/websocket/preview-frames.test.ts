import { framesSuite } from './frames.ts';
import { preview } from './subjects.ts';

framesSuite(preview);
