import { describe, expect, it } from 'vitest';
import { loadPackage } from '../../../../src/server/bus/broker/package.ts';
import { chooseBus } from '../../../../src/server/bus/choose.ts';
import { createAppConfig } from '../../../../src/server/config.ts';
import { fakeHandoff } from '../../support/handoff.ts';
import { FakeLog } from '../../support/log.ts';

const events = { message: () => {}, state: () => {}, left: () => {} };

async function choose(variables: Record<string, string>) {
	const config = createAppConfig(fakeHandoff(), variables);
	const create = await chooseBus(config, undefined, new FakeLog());
	return create?.({ process: 'aaaaaaaaaaaa', events });
}

describe('chooseBus', () => {
	it('chooses none where no broker is named', async () => {
		expect(await choose({})).toBeUndefined();
		expect(await choose({ BUS_URL: '', BUS_PREFIX: 'shop' })).toBeUndefined();
	});

	it.each([
		['redis://:pw@127.0.0.1:1', 'redis', 'redis at 127.0.0.1:1'],
		['rediss://cache.example', 'redis', 'redis at cache.example:6379'],
		['nats://me:pw@127.0.0.1:1', 'nats', 'nats at 127.0.0.1:1'],
		['tls://nats.example', 'nats', 'nats at nats.example:4222']
	])('chooses for %s, and opens nothing', async (url, name, description) => {
		expect(await choose({ BUS_URL: url })).toMatchObject({
			name,
			description,
			state: 'reconnecting'
		});
	});

	it('chooses the one between workers where no broker is named, and else the broker', async () => {
		const cluster = { place: '/nowhere', isElected: false };
		for (const [variables, name] of [
			[{}, 'cluster'],
			[{ BUS_URL: 'nats://a' }, 'nats']
		] as const) {
			const config = createAppConfig(fakeHandoff(), variables);
			const create = await chooseBus(config, cluster, new FakeLog());
			expect(create?.({ process: 'aaaaaaaaaaaa', events }).name).toBe(name);
		}
	});

	it('refuses an address that is none', async () => {
		await expect(choose({ BUS_URL: 'http://localhost' })).rejects.toMatchObject({
			code: 'bad_env'
		});
	});
});

describe('loadPackage', () => {
	it('says what to install where the package is not there', async () => {
		const loaded = loadPackage('a-package-that-nobody-has', 'MY_BUS_URL', () => true);
		await expect(loaded).rejects.toMatchObject({ code: 'bus_missing' });
		await expect(loaded).rejects.toThrow(
			/^\[svelte-adapter-ws\] The package a-package-that-nobody-has, which MY_BUS_URL asks for, .+npm install a-package-that-nobody-has@latest, or unset MY_BUS_URL\.$/
		);
	});

	it('says so where it is another version', async () => {
		await expect(loadPackage('redis', 'BUS_URL', () => false)).rejects.toThrow(
			/The package redis, .+too old.+npm install redis@latest/
		);
	});
});
