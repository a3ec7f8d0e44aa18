import { afterEach, describe, expect, it } from 'vitest';
import { sharedRegistry } from '../../../../src/server/registry/global.ts';
import { FakeEngine } from '../../support/engine.ts';

const source = '../../../../src/server/registry/global.ts';

/** Another copy of the module, as a second copy of the package would bring it. */
async function copy(
	name: string
): Promise<typeof import('../../../../src/server/registry/global.ts')> {
	return (await import(/* @vite-ignore */ `${source}?copy=${name}`)) as never;
}

afterEach(() => sharedRegistry().detach());

describe('sharedRegistry', () => {
	it('is one registry, however often it is asked for', () => {
		expect(sharedRegistry()).toBe(sharedRegistry());
	});

	it('lives under a name that everyone may use', () => {
		const shared = globalThis as { [key: symbol]: unknown };
		expect(shared[Symbol.for('svelte-adapter-ws')]).toBe(sharedRegistry());
	});

	it('is shared by two copies of the module', async () => {
		const first = await copy('first');
		const second = await copy('second');
		expect(first.sharedRegistry).not.toBe(second.sharedRegistry);
		expect(first.sharedRegistry()).toBe(second.sharedRegistry());
		expect(first.sharedRegistry()).toBe(sharedRegistry());
	});

	it('lets one copy publish through the server of another', async () => {
		const engine = new FakeEngine();
		(await copy('first')).sharedRegistry().attach(engine);
		(await copy('second')).sharedRegistry().publish('news', 'x');
		expect(engine.published).toEqual([{ topic: 'news', data: 'x', compress: false }]);
	});
});
