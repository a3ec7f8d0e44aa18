import { execSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { createAppConfig, createConfig } from '../../../src/server/config.ts';
import type { Variables } from '../../../src/server/env.ts';
import type { Handoff } from '../../../src/shared/handoff.ts';
import { createCertificate } from '../../support/certificate.ts';
import { clientAddress } from '../../../src/server/http/address.ts';
import { adapterError } from '../support/errors.ts';
import { FakeExchange } from '../support/exchange.ts';
import { tempFolder } from '../support/folder.ts';
import { fakeHandoff, websocketHandoff } from '../support/handoff.ts';
import { FakeLog } from '../support/log.ts';

const here = import.meta.filename;

function config(handoff: Handoff, variables: Variables, log = new FakeLog()) {
	return createConfig(handoff, variables, log);
}

describe('createConfig', () => {
	it('has the defaults of adapter-node for an empty environment', () => {
		expect(config(fakeHandoff(), {})).toEqual({
			listen: { host: '0.0.0.0', port: 3000 },
			tls: undefined,
			keepAliveTimeout: undefined,
			headersTimeout: undefined,
			idleTimeout: 0,
			engine: 'auto',
			bodySizeLimit: 524288,
			isFast: true,
			broker: undefined,
			shutdownTimeout: 30,
			workers: 1,
			origin: {
				pinned: undefined,
				protocolHeader: '',
				hostHeader: '',
				portHeader: '',
				variables: {
					protocol: 'PROTOCOL_HEADER',
					host: 'HOST_HEADER',
					port: 'PORT_HEADER',
					pinned: 'paths.origin'
				}
			},
			address: { header: '', variable: 'ADDRESS_HEADER', depthVariable: 'XFF_DEPTH', xffDepth: 1 },
			websocket: websocketHandoff
		});
	});

	it('reads every variable, here with a prefix', () => {
		const handoff = fakeHandoff({ envPrefix: 'MY_', origin: 'https://example.com' });
		const variables = {
			MY_HOST: '::1',
			MY_PORT: '0',
			MY_ENGINE: 'uws',
			MY_BODY_SIZE_LIMIT: '1M',
			MY_SHUTDOWN_TIMEOUT: '0',
			MY_PROTOCOL_HEADER: 'X-Forwarded-Proto',
			MY_HOST_HEADER: 'X-Forwarded-Host',
			MY_PORT_HEADER: 'X-Forwarded-Port',
			MY_ADDRESS_HEADER: 'X-Forwarded-For',
			MY_XFF_DEPTH: '2',
			MY_KEEP_ALIVE_TIMEOUT: '7',
			MY_HEADERS_TIMEOUT: '8',
			MY_WORKERS: '4',
			PORT: '9999'
		};
		expect(config(handoff, variables)).toMatchObject({
			listen: { host: '::1', port: 0 },
			keepAliveTimeout: 7,
			headersTimeout: 8,
			engine: 'uws',
			bodySizeLimit: 1048576,
			shutdownTimeout: 0,
			workers: 4,
			origin: {
				pinned: 'https://example.com',
				protocolHeader: 'x-forwarded-proto',
				hostHeader: 'x-forwarded-host',
				portHeader: 'x-forwarded-port'
			},
			address: {
				header: 'x-forwarded-for',
				variable: 'MY_ADDRESS_HEADER',
				depthVariable: 'MY_XFF_DEPTH',
				xffDepth: 2
			}
		});
	});

	it('names both address variables as the user wrote them when a request goes around the proxy', () => {
		const variables = { MY_ADDRESS_HEADER: 'X-Forwarded-For', MY_XFF_DEPTH: '2' };
		const { address } = config(fakeHandoff({ envPrefix: 'MY_' }), variables);
		const ask = (headers: Record<string, string>) => () =>
			clientAddress(new FakeExchange({ headers }), address);
		expect(ask({})).toThrow(/MY_ADDRESS_HEADER=x-forwarded-for/);
		expect(ask({ 'x-forwarded-for': '1.2.3.4' })).toThrow(/^MY_XFF_DEPTH is 2/);
	});

	it('listens on a unix socket, or on the descriptor that systemd hands over', () => {
		const listen = (variables: Record<string, string>) => config(fakeHandoff(), variables).listen;
		expect(listen({ SOCKET_PATH: '/run/app.sock', PORT: '1' })).toEqual({ path: '/run/app.sock' });
		expect(listen({ LISTEN_FDS: '1', LISTEN_PID: String(process.pid) })).toEqual({ fd: 3 });
		expect(listen({ LISTEN_FDS: '1' })).toEqual({ host: '0.0.0.0', port: 3000 });
	});

	it('ends an idle server only where systemd starts it again', () => {
		const activated = { LISTEN_FDS: '1', LISTEN_PID: String(process.pid), IDLE_TIMEOUT: '5' };
		expect(config(fakeHandoff(), activated).idleTimeout).toBe(5);
		expect(config(fakeHandoff(), { IDLE_TIMEOUT: '5' }).idleTimeout).toBe(0);
	});

	it('has TLS where both files are there', () => {
		using certificate = createCertificate();
		const { certPath: cert, keyPath: key } = certificate;
		const log = new FakeLog();
		expect(config(fakeHandoff(), { SSL_CERT: cert, SSL_KEY: key }, log).tls).toEqual({ cert, key });
		expect(log.warnings).toEqual([]);
	});

	it.each([
		['SSL_CERT', 'SSL_KEY'],
		['SSL_KEY', 'SSL_CERT']
	])(
		'warns of %s alone, which another program may want, and stops for it with a prefix',
		(one, other) => {
			const log = new FakeLog();
			expect(config(fakeHandoff(), { [one]: '/etc/x.pem' }, log).tls).toBeUndefined();
			expect(log.warnings).toEqual([
				{
					what: `The environment variable ${one} is ignored, because ${other} is not set`,
					value: '"/etc/x.pem"',
					todo: 'Set both for TLS.'
				}
			]);
			const handoff = fakeHandoff({ envPrefix: 'MY_' });
			const { message } = adapterError(
				() => config(handoff, { [`MY_${one}`]: '/etc/x.pem' }),
				'bad_env'
			);
			expect(message).toContain(`The environment variable MY_${other} has`);
		}
	);

	it('stops the start for files that are there and make no TLS', () => {
		using certificate = createCertificate();
		using another = createCertificate();
		using folder = tempFolder({ 'text.pem': 'no certificate' });
		const text = join(folder.path, 'text.pem');
		for (const [cert, key] of [
			[text, certificate.keyPath],
			[certificate.certPath, text],
			[certificate.certPath, another.keyPath],
			[folder.path, certificate.keyPath]
		] as const) {
			const { message } = adapterError(
				() => config(fakeHandoff(), { SSL_CERT: cert, SSL_KEY: key }),
				'bad_env'
			);
			expect(message).toContain('The files of SSL_CERT and SSL_KEY cannot be used for TLS (');
		}
	});

	it.each(['postgres', 'NODE', 'uws ', 'deno'])(
		'warns of ENGINE=%s, which another program may want, and stops for it with a prefix',
		(name) => {
			const log = new FakeLog();
			expect(config(fakeHandoff({ engine: 'node' }), { ENGINE: name }, log).engine).toBe('node');
			expect(log.warnings).toEqual([
				{
					what: 'The environment variable ENGINE names no engine of this server and is ignored',
					value: JSON.stringify(name),
					todo: 'Set it to auto or uws or node or bun, or leave it to the program that it is meant for.'
				}
			]);
			const handoff = fakeHandoff({ envPrefix: 'MY_' });
			adapterError(() => config(handoff, { MY_ENGINE: name }), 'bad_env');
			expect(config(handoff, { ENGINE: name }, log).engine).toBe('auto');
			expect(log.warnings).toHaveLength(1);
		}
	);

	it('has as many workers as there are processors for WORKERS=auto', () => {
		expect(config(fakeHandoff(), { WORKERS: 'auto' }).workers).toBe(availableParallelism());
	});

	it.each([
		['PORT', '65536'],
		['SHUTDOWN_TIMEOUT', '-1'],
		['XFF_DEPTH', '0'],
		['WORKERS', '0'],
		['WORKERS', 'all'],
		['BODY_SIZE_LIMIT', '1KB'],
		['KEEP_ALIVE_TIMEOUT', '1s'],
		['HEADERS_TIMEOUT', '-1'],
		['LISTEN_FDS', '2'],
		['LISTEN_PID', '1'],
		['SSL_CERT', '/no/such/file'],
		['SSL_KEY', '/no/such/file']
	])('stops the start for %s=%s', (name, value) => {
		const tls = name.startsWith('SSL_') && { SSL_CERT: here, SSL_KEY: here };
		const { message } = adapterError(
			() => config(fakeHandoff(), { ...tls, [name]: value }),
			'bad_env'
		);
		expect(message).toContain(`The environment variable ${name} has`);
		expect(message).toContain(`("${value}")`);
	});

	it('takes the engine of the build where the environment names none', () => {
		expect(config(fakeHandoff({ engine: 'uws' }), {}).engine).toBe('uws');
		expect(config(fakeHandoff({ engine: 'uws' }), { ENGINE: 'auto' }).engine).toBe('auto');
	});

	it('knows that sockets are off', () => {
		expect(config(fakeHandoff({ websocket: false }), {}).websocket).toBe(false);
	});

	// Windows has no such limit, and no ulimit to ask.
	it.runIf(process.platform !== 'win32')(
		'allows as many sockets as 90 % of the descriptors that the process may open',
		() => {
			const { maxConnections: _, ...rest } = websocketHandoff;
			const { websocket } = config(fakeHandoff({ websocket: rest }), {});
			const limit = Number(execSync('ulimit -n').toString());
			expect(websocket).toMatchObject({
				maxConnections: Number.isNaN(limit) ? Infinity : Math.floor(limit * 0.9)
			});
		}
	);

	it('cannot be changed afterwards', () => {
		expect(Object.isFrozen(config(fakeHandoff(), {}))).toBe(true);
	});

	it('knows what the user calls what decides on the origin', () => {
		const { origin } = config({ ...fakeHandoff(), envPrefix: 'MY_', readsOrigin: true }, {});
		expect(origin.variables).toEqual({
			protocol: 'MY_PROTOCOL_HEADER',
			host: 'MY_HOST_HEADER',
			port: 'MY_PORT_HEADER',
			pinned: 'MY_ORIGIN'
		});
	});
});

describe('createAppConfig', () => {
	it('takes no shortcuts where it is told so, whatever the prefix of the other variables is', () => {
		const slow = { SVELTE_ADAPTER_WS_FAST: '0' };
		expect(createAppConfig(fakeHandoff(), slow).isFast).toBe(false);
		expect(createAppConfig(fakeHandoff({ envPrefix: 'SVELTE_' }), slow).isFast).toBe(false);
		expect(() => createAppConfig(fakeHandoff(), { SVELTE_ADAPTER_WS_FAST: 'no' })).toThrow(
			'Set it to 0 or 1'
		);
	});

	it('reads nothing of where and how a server of somebody else listens', () => {
		const theirs = {
			PORT: '\\\\.\\pipe\\app',
			LISTEN_FDS: '3',
			LISTEN_PID: '1',
			SSL_CERT: '/no/such/file',
			SSL_KEY: '/no/such/file',
			SHUTDOWN_TIMEOUT: '10s',
			KEEP_ALIVE_TIMEOUT: '5s'
		};
		const read = createAppConfig(fakeHandoff(), { ...theirs, BODY_SIZE_LIMIT: '1K' });
		expect(read).toEqual({
			bodySizeLimit: 1024,
			isFast: true,
			origin: expect.any(Object),
			address: expect.any(Object),
			websocket: websocketHandoff
		});
		expect(Object.isFrozen(read)).toBe(true);
	});

	it('stops the start for what the app itself is run by', () => {
		adapterError(() => createAppConfig(fakeHandoff(), { BODY_SIZE_LIMIT: 'lots' }), 'bad_env');
	});
});
