import { execSync } from 'node:child_process';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { createConfig } from '../../../src/server/config.ts';
import { clientAddress } from '../../../src/server/http/address.ts';
import { adapterError } from '../support/errors.ts';
import { FakeExchange } from '../support/exchange.ts';
import { fakeHandoff, websocketHandoff } from '../support/handoff.ts';

describe('createConfig', () => {
	it('has the defaults of adapter-node for an empty environment', () => {
		expect(createConfig(fakeHandoff(), {})).toEqual({
			listen: { host: '0.0.0.0', port: 3000 },
			tls: undefined,
			keepAliveTimeout: undefined,
			headersTimeout: undefined,
			idleTimeout: 0,
			engine: 'auto',
			bodySizeLimit: 524288,
			shutdownTimeout: 30,
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
			PORT: '9999'
		};
		expect(createConfig(handoff, variables)).toMatchObject({
			listen: { host: '::1', port: 0 },
			keepAliveTimeout: 7,
			headersTimeout: 8,
			engine: 'uws',
			bodySizeLimit: 1048576,
			shutdownTimeout: 0,
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
		const { address } = createConfig(fakeHandoff({ envPrefix: 'MY_' }), variables);
		const ask = (headers: Record<string, string>) => () =>
			clientAddress(new FakeExchange({ headers }), address);
		expect(ask({})).toThrow(/MY_ADDRESS_HEADER=x-forwarded-for/);
		expect(ask({ 'x-forwarded-for': '1.2.3.4' })).toThrow(/^MY_XFF_DEPTH is 2/);
	});

	it('listens on a unix socket, or on the descriptor that systemd hands over', () => {
		const listen = (variables: Record<string, string>) =>
			createConfig(fakeHandoff(), variables).listen;
		expect(listen({ SOCKET_PATH: '/run/app.sock', PORT: '1' })).toEqual({ path: '/run/app.sock' });
		expect(listen({ LISTEN_FDS: '1', LISTEN_PID: String(process.pid) })).toEqual({ fd: 3 });
		expect(listen({ LISTEN_FDS: '1' })).toEqual({ host: '0.0.0.0', port: 3000 });
	});

	it('ends an idle server only where systemd starts it again', () => {
		const activated = { LISTEN_FDS: '1', LISTEN_PID: String(process.pid), IDLE_TIMEOUT: '5' };
		expect(createConfig(fakeHandoff(), activated).idleTimeout).toBe(5);
		expect(createConfig(fakeHandoff(), { IDLE_TIMEOUT: '5' }).idleTimeout).toBe(0);
	});

	it('wants both files for TLS, or none', () => {
		const file = import.meta.filename;
		const both = { SSL_CERT: file, SSL_KEY: file };
		expect(createConfig(fakeHandoff(), both).tls).toEqual({ cert: file, key: file });
		const { message } = adapterError(
			() => createConfig(fakeHandoff(), { SSL_CERT: file }),
			'bad_env'
		);
		expect(message).toContain('SSL_KEY');
	});

	it.each([
		['PORT', '65536'],
		['SHUTDOWN_TIMEOUT', '-1'],
		['XFF_DEPTH', '0'],
		['BODY_SIZE_LIMIT', '1KB'],
		['ENGINE', 'deno'],
		['KEEP_ALIVE_TIMEOUT', '1s'],
		['HEADERS_TIMEOUT', '-1'],
		['LISTEN_FDS', '2'],
		['LISTEN_PID', '1'],
		['SSL_CERT', '/no/such/file']
	])('stops the start for %s=%s', (name, value) => {
		const { message } = adapterError(
			() => createConfig(fakeHandoff(), { [name]: value }),
			'bad_env'
		);
		expect(message).toContain(`The environment variable ${name} has`);
		expect(message).toContain(`("${value}")`);
	});

	it('takes the engine of the build where the environment names none', () => {
		expect(createConfig(fakeHandoff({ engine: 'uws' }), {}).engine).toBe('uws');
		expect(createConfig(fakeHandoff({ engine: 'uws' }), { ENGINE: 'auto' }).engine).toBe('auto');
	});

	it('knows that sockets are off', () => {
		expect(createConfig(fakeHandoff({ websocket: false }), {}).websocket).toBe(false);
	});

	// Windows has no such limit, and no ulimit to ask.
	it.runIf(process.platform !== 'win32')(
		'allows as many sockets as 90 % of the descriptors that the process may open',
		() => {
			const { maxConnections: _, ...rest } = websocketHandoff;
			const { websocket } = createConfig(fakeHandoff({ websocket: rest }), {});
			const limit = Number(execSync('ulimit -n').toString());
			expect(websocket).toMatchObject({
				maxConnections: Number.isNaN(limit) ? Infinity : Math.floor(limit * 0.9)
			});
		}
	);

	it('cannot be changed afterwards', () => {
		expect(Object.isFrozen(createConfig(fakeHandoff(), {}))).toBe(true);
	});

	it('knows what the user calls what decides on the origin', () => {
		const { origin } = createConfig({ ...fakeHandoff(), envPrefix: 'MY_', readsOrigin: true }, {});
		expect(origin.variables).toEqual({
			protocol: 'MY_PROTOCOL_HEADER',
			host: 'MY_HOST_HEADER',
			port: 'MY_PORT_HEADER',
			pinned: 'MY_ORIGIN'
		});
	});
});
