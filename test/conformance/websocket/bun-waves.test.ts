import { wavesSuite } from './waves.ts';
import { bun } from './subjects.ts';

wavesSuite(bun);
