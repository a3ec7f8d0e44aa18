import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { planWorkers, type Shared } from '../../../../src/server/workers/plan.ts';
import { FakeLog } from '../../support/log.ts';

const port = { host: '0.0.0.0', port: 3000 };
const path = { path: '/run/app.sock' };

const node = { platform: 'linux', versions: process.versions } as const;

function plan(config: Partial<Shared>, system: Partial<NodeJS.Process> = {}) {
	const log = new FakeLog();
	const wanted = { workers: 3, listen: port, engine: 'auto', ...config } as const;
	return { count: planWorkers(wanted, log, { ...node, ...system }), lines: log.infos };
}

const bun = { versions: { ...process.versions, bun: '1.4.5' } };

describe('as many workers as were asked for', () => {
	it('serve on a port of Linux, and of any system with node:cluster', () => {
		for (const engine of ['auto', 'uws', 'node', 'bun'] as const)
			expect(plan({ engine })).toEqual({ count: 3, lines: [] });
		expect(plan({ engine: 'node' }, { platform: 'darwin' })).toEqual({ count: 3, lines: [] });
		expect(plan({ engine: 'node' }, bun)).toEqual({ count: 3, lines: [] });
	});

	it('serve on a unix socket with node:cluster', () => {
		expect(plan({ engine: 'node', listen: path })).toEqual({ count: 3, lines: [] });
	});

	it.each([
		['an engine that shares no unix socket', { listen: path }, {}],
		['a unix socket with Bun', { engine: 'node', listen: path }, bun],
		['a port of a system that spreads nothing', {}, { platform: 'win32' }],
		['a socket of systemd', { engine: 'node', listen: { fd: 3 } }, {}]
	] as const)('are one, with a word about it, on %s', (_, config, system) => {
		const { count, lines } = plan(config, system);
		expect(count).toBe(1);
		expect(lines).toEqual([expect.stringMatching(/^WORKERS has no effect .*: the server runs in/)]);
	});

	it('are one without a word where one was asked for', () => {
		expect(plan({ workers: 1, listen: { fd: 3 } })).toEqual({ count: 1, lines: [] });
	});
});
