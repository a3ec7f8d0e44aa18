import { describe, expect, it } from 'vitest';
import adapterWs from '../../../adapter/index.ts';
import { resolveOptions } from '../../../adapter/options.ts';
import type { KitContext } from '../../../adapter/vite/context.ts';
import { vitePlugins } from '../../../adapter/vite/index.ts';
import { adapterError } from '../support/errors.ts';

const kit: KitContext = {
	csrf: { trustedOrigins: [] },
	files: { params: 'src/params' },
	outDir: '.svelte-kit',
	paths: { base: '' },
	router: { type: 'pathname' }
};

const names = (websocket: false | object) =>
	vitePlugins(resolveOptions({ websocket }), kit, 3).map(({ name }) => name);

describe('adapterWs', () => {
	it('stops the build for a bad option as soon as the config is read', () => {
		adapterError(() => adapterWs({ out: '' }), 'bad_option');
	});

	it('supports what adapter-node supports', () => {
		const { name, supports } = adapterWs();
		expect(name).toBe('svelte-adapter-ws');
		expect(supports?.read?.({ route: { id: '/' }, config: {} })).toBe(true);
		expect(supports?.instrumentation?.()).toBe(true);
	});
});

describe('the plugins of the adapter', () => {
	it('wrap the hooks of the app where sockets are on', () => {
		expect(names({})).toContain('svelte-adapter-ws:build');
		expect(names({})).toContain('svelte-adapter-ws:hooks');
	});

	it('leave the hooks alone where sockets are off', () => {
		expect(names(false)).toContain('svelte-adapter-ws:build');
		expect(names(false)).not.toContain('svelte-adapter-ws:hooks');
	});
});
