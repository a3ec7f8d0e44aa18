import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { readMutations } from '../../scripts/mutation-testing/mutations.js';

describe('scripts/mutations', () => {
	// it makes every mutant, which takes a busy machine more than a minute
	it('follows the sources: the text of every mutation stands in its file, once', async () => {
		expect((await readMutations(process.cwd(), [])).length).toBeGreaterThan(500);
	}, 300_000);
});
