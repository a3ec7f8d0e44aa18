import { fileURLToPath } from 'node:url';
import { comparisonSuite } from '../../comparison/comparison.ts';
import { kit3 } from '../../comparison/majors.ts';
import { cases } from './cases/index.ts';
import { differences } from './differences.ts';
import { leavingSuite } from './leaving.ts';
import { mixingSuite } from './mixing.ts';

const folder = fileURLToPath(new URL('./fixtures/app', import.meta.url));

const major = {
	...kit3,
	home: { folder, vite: kit3.home.vite },
	cases,
	differences,
	maxDifferences: 12
};

comparisonSuite(major);
leavingSuite(major);
mixingSuite(major);
