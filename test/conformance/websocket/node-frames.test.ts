import { framesSuite } from './frames.ts';
import { node } from './subjects.ts';

framesSuite(node);
