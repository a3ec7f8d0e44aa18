import { wavesSuite } from './waves.ts';
import { dev } from './subjects.ts';

wavesSuite(dev);
