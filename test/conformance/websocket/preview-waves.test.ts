import { wavesSuite } from './waves.ts';
import { preview } from './subjects.ts';

wavesSuite(preview);
