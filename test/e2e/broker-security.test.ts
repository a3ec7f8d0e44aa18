import { describe, expect, test } from 'vitest';
import { createCertificate, type Certificate } from '../support/certificate.ts';
import { connectClient, type Client } from '../support/client.ts';
import { runNats } from '../support/nats.ts';
import { runRedis } from '../support/redis.ts';
import { runApp, type RunningApp } from '../support/server.ts';
import { customBuild } from './processes.ts';

/** Its user may use the channels of another app only. */
const limitedRedis = () =>
	runRedis({
		args: ['--user', 'tester', 'on', '>secret', '+@all', 'resetchannels', '&other/*']
	});

const brokers = [
	{
		kind: 'redis',
		start: (tls?: Certificate) => runRedis({ ...(tls && { tls }) }),
		limited: async () => {
			const server = await limitedRedis();
			return Object.assign(server, { url: server.url.replace('//:', '//tester:') });
		}
	},
	{
		kind: 'nats',
		start: (tls?: Certificate) => runNats({ ...(tls && { tls }) }),
		limited: () => runNats({ subjects: 'other.>' })
	}
];

const run = (url: string, env: Record<string, string> = {}) =>
	runApp({ args: [customBuild], env: { ENGINE: 'node', BUS_URL: url, ...env } });

const publish = ({ url }: RunningApp, text: string) =>
	fetch(`${url}/news?text=${text}`, { method: 'POST', headers: { origin: url } });

const hears = (client: Client, from: RunningApp) =>
	expect
		.poll(async () => {
			await publish(from, 'news');
			return client.received;
		})
		.toContain('news');

describe.each(brokers)('$kind', ({ start, limited }) => {
	test.each(['node', 'bun'])('instances on %s reach one another over TLS', async (engine) => {
		using tls = createCertificate();
		await using server = await start(tls);
		const env = { ENGINE: engine, NODE_EXTRA_CA_CERTS: tls.certPath };
		await using first = await run(server.url, env);
		await using second = await run(server.url, env);
		await hears(await connectClient(`${second.url}/echo`), first);
		expect(first.output().trim().split('\n')).toHaveLength(1);
	});

	test('a broker whose certificate nobody vouches for is not spoken with', async () => {
		using tls = createCertificate();
		await using server = await start(tls);
		await using app = await run(server.url);
		expect(app.output()).toMatch(/cannot be reached.+self-signed certificate/);
		expect(app.output()).not.toContain('secret');
	});

	test('a wrong password is said, and not shown', async () => {
		await using server = await start();
		await using app = await run(server.url.replace('secret', 'wr0ng'));
		expect(app.output()).toMatch(/cannot be reached.+(WRONGPASS|Authorization)/i);
		expect(app.output()).not.toContain('wr0ng');
	});

	test('what the user of a broker may not do is said once, and the server serves', async () => {
		await using server = await limited();
		await using app = await run(server.url);
		const client = await connectClient(`${app.url}/echo`);
		await hears(client, app);
		await app.printed(/The bus refuses something: .+ Let its user publish and subscribe/);
		await publish(app, 'more');
		await expect.poll(() => client.received).toContain('more');
		expect(app.output().match(/refuses/g)).toHaveLength(1);

		await using other = await run(server.url, { BUS_PREFIX: 'other' });
		await using another = await run(server.url, { BUS_PREFIX: 'other' });
		await hears(await connectClient(`${another.url}/echo`), other);
		expect(other.output()).not.toContain('refuses');
	});
});
