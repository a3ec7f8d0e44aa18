import { newcomerSuite, ownPackages } from './newcomer.ts';

newcomerSuite(ownPackages[2]);
