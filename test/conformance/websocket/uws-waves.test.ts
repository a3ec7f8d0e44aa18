import { wavesSuite } from './waves.ts';
import { uws } from './subjects.ts';

wavesSuite(uws);
