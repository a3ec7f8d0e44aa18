import { newcomerSuite } from './newcomer.ts';

newcomerSuite(3);
