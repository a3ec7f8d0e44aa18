import process from 'node:process';
import { describe, expect, it, vi } from 'vitest';
import { warnOfOldNode } from '../../../../src/server/node-version.ts';
import { describeOldNode } from '../../../../src/shared/node-version.ts';

describe('a Node that is too old', () => {
	it.each(['16.20.2', '18.20.8', '20.20.2', '21.7.3', '22.0.0', '22.16.0'])(
		'is named with the one that is needed: %s',
		(version) => {
			const warn = vi.spyOn(console, 'warn').mockReturnValue();
			warnOfOldNode(version);
			expect(warn.mock.calls).toEqual([
				[
					`[svelte-adapter-ws] This Node is older than what is supported (${version}). ` +
						'Build the app and run it with Node 22.17 or newer.'
				]
			]);
			warn.mockRestore();
		}
	);

	it.each(['22.17.0', '22.23.3', '23.0.0', '24.1.0', '100.0.0', '22.17.0-nightly20250101'])(
		'is not %s',
		(version) => expect(describeOldNode(version)).toBeUndefined()
	);

	it('is not the one that this project is developed with', () => {
		expect(describeOldNode(process.versions.node)).toBeUndefined();
	});
});
