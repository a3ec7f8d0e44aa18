import { beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseEngine } from '../../../src/server/choose.ts';
import type { Config } from '../../../src/server/config.ts';
import type { EngineOptions } from '../../../src/server/engine/engine.ts';
import { createUwsEngine } from '../../../src/server/engine/uws/index.ts';
import { AdapterError } from '../../../src/shared/errors.ts';
import { FakeEngine } from '../support/engine.ts';
import { FakeLog } from '../support/log.ts';

vi.mock('../../../src/server/engine/uws/index.ts', () => ({ createUwsEngine: vi.fn() }));
const createUws = vi.mocked(createUwsEngine);

const handlers = { request() {}, upgrade() {}, error() {} };
const missing = () =>
	new AdapterError('uws_missing', { what: 'It is not there', todo: 'Install it.' });

async function choose(config: Partial<Config>, options: EngineOptions = {}) {
	const log = new FakeLog();
	const listen = { host: '127.0.0.1', port: 0 };
	const engine = await chooseEngine({ listen, ...config } as Config, options, handlers, log);
	return { name: engine.name, log };
}

/** An engine that cannot do what uWebSockets.js cannot. */
const uws = () =>
	Object.assign(new FakeEngine(), { limits: { adoptsDescriptors: false, hasTimeouts: false } });

describe('the engine', () => {
	beforeEach(() => void createUws.mockReset().mockImplementation(() => Promise.resolve(uws())));

	it('is uWebSockets.js where that can be, and Node where Node is asked for', async () => {
		expect((await choose({ engine: 'auto' })).name).toBe('fake');
		expect((await choose({ engine: 'uws' })).name).toBe('fake');
		expect((await choose({ engine: 'node' })).name).toBe('node');
	});

	it('is Bun where Bun runs, unless another is asked for', async () => {
		vi.stubGlobal('Bun', { version: '1.4.5' });
		try {
			expect((await choose({ engine: 'auto' })).name).toBe('bun');
			expect((await choose({ engine: 'bun' })).name).toBe('bun');
			expect((await choose({ engine: 'node' })).name).toBe('node');
			expect((await choose({ engine: 'uws' })).name).toBe('fake');
			expect((await choose({ engine: 'bun', listen: { fd: 3 } })).name).toBe('bun');
		} finally {
			vi.unstubAllGlobals();
		}
	});

	it('cannot be Bun on Node, wherever it is to listen', async () => {
		for (const listen of [{ host: '127.0.0.1', port: 0 }, { fd: 3 }])
			await expect(choose({ engine: 'bun', listen })).rejects.toMatchObject({
				code: 'bun_missing'
			});
	});

	it('is Node on a file descriptor, and says so, unless that is what was asked for', async () => {
		const auto = await choose({ engine: 'auto', listen: { fd: 3 } });
		expect([auto.name, auto.log.infos]).toEqual([
			'node',
			['LISTEN_FDS is set: the server runs on Node']
		]);
		const node = await choose({ engine: 'node', listen: { fd: 3 } });
		expect([node.name, node.log.infos]).toEqual(['node', []]);
	});

	it('is Node where uWebSockets.js cannot be loaded, and says why in one line', async () => {
		createUws.mockRejectedValue(missing());
		const { name, log } = await choose({ engine: 'auto' });
		expect([name, log.warnings]).toEqual([
			'node',
			[{ what: 'It is not there. Install it. The server runs on Node instead', value: undefined }]
		]);
	});

	it('is none where uWebSockets.js is asked for and cannot be loaded, or fails otherwise', async () => {
		createUws.mockRejectedValue(missing());
		await expect(choose({ engine: 'uws' })).rejects.toMatchObject({ code: 'uws_missing' });
		createUws.mockRejectedValue(new TypeError('a mistake of ours'));
		await expect(choose({ engine: 'auto' })).rejects.toThrow('a mistake of ours');
	});

	it.each<[string, EngineOptions]>([
		['either', { keepAliveTimeout: 1 }],
		['the other', { headersTimeout: 0 }]
	])('warns of time-outs that have no effect on it: %s', async (_, options) => {
		expect((await choose({ engine: 'auto' }, options)).log.warnings).toHaveLength(1);
		expect((await choose({ engine: 'node' }, options)).log.warnings).toEqual([]);
		expect((await choose({ engine: 'auto' })).log.warnings).toEqual([]);
	});
});
