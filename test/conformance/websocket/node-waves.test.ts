import { wavesSuite } from './waves.ts';
import { node } from './subjects.ts';

wavesSuite(node);
