import { describe, expect, it } from 'vitest';
import adapterWs from '../../../adapter/index.ts';
import { adapterError } from '../support/errors.ts';

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
