import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rebaseMaps } from '../../../adapter/source-maps.ts';
import { tempFolder } from '../support/folder.ts';

const sources = [
	'../../../../src/websocket.ts',
	'../other.ts',
	'\0virtual:app',
	'\0vite/preload-helper.js',
	'/absolute.ts',
	'https://example.com/x.ts',
	null
];

it('leads from where the maps are now to where the sources have always been', () => {
	const map = JSON.stringify({ version: 3, names: [], mappings: 'AAAA', sources });
	using folder = tempFolder({
		'build/server/chunks/x.js.map': map,
		'build/server/x.map': 'no map'
	});
	const from = join(folder.path, '.svelte-kit/output/server');
	rebaseMaps(from, join(folder.path, 'build/server'));
	const read = (file: string) => readFileSync(join(folder.path, 'build/server', file), 'utf8');
	expect(JSON.parse(read('chunks/x.js.map'))).toEqual({
		version: 3,
		names: [],
		mappings: 'AAAA',
		sources: [
			'../../../src/websocket.ts',
			'../../../.svelte-kit/output/server/other.ts',
			'\0virtual:app',
			'\0vite/preload-helper.js',
			'/absolute.ts',
			'https://example.com/x.ts',
			null
		]
	});
	expect(read('x.map')).toBe('no map');
});
