import { constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

/** Bytes, without partysocket. */
const limit = 5120;

it('the core is small', async () => {
	const result = await build({
		configFile: false,
		logLevel: 'silent',
		build: {
			write: false,
			minify: true,
			rolldownOptions: {
				input: 'src/client/core/index.ts',
				preserveEntrySignatures: 'strict',
				external: ['partysocket/ws']
			}
		}
	});
	if (!('output' in result)) throw new Error('There is more than one bundle');
	const [{ code }, ...others] = result.output;
	expect(others).toEqual([]);
	expect(code).toContain('partysocket/ws');
	// as adapters compress
	const { byteLength } = gzipSync(code, { level: constants.Z_BEST_COMPRESSION });
	expect(byteLength).toBeLessThan(limit);
});
