import { framesSuite } from './frames.ts';
import { dev } from './subjects.ts';

framesSuite(dev);
