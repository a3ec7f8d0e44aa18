import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
	Claim,
	countListeners,
	isForProxy,
	isForUpdates
} from '../../../../adapter/vite/claims.ts';
import { RawConnection } from '../../../support/raw.ts';

const asked = (url: string, protocol?: string) => ({
	url,
	headers: { 'sec-websocket-protocol': protocol }
});

describe('isForUpdates', () => {
	it.each(['vite-hmr', 'vite-ping'])('says so of %s at the path of updates', (protocol) => {
		const claims = { updates: '/base/', proxies: undefined };
		expect(isForUpdates(asked('/base/', protocol), claims)).toBe(true);
		expect(isForUpdates(asked('/base/?token=abc', protocol), claims)).toBe(true);
		expect(isForUpdates(asked('/base', protocol), claims)).toBe(false);
		expect(isForUpdates(asked('/base/echo', protocol), claims)).toBe(false);
	});

	it('does not say so where updates are off', () => {
		expect(isForUpdates(asked('/', 'vite-hmr'), { proxies: undefined })).toBe(false);
	});

	it('does not say so of other subprotocols, or of none', () => {
		const claims = { updates: '/', proxies: {} };
		expect(isForUpdates(asked('/'), claims)).toBe(false);
		expect(isForUpdates(asked('/', 'chat'), claims)).toBe(false);
		// what Vite does not take either
		expect(isForUpdates(asked('/', 'vite-hmr, chat'), claims)).toBe(false);
	});
});

describe('isForProxy', () => {
	it.each([
		['ws: true', { '/api': { target: 'http://localhost:1', ws: true } }, true],
		['a target at ws', { '/api': { target: 'ws://localhost:1' } }, true],
		['a target at wss', { '/api': { target: 'wss://localhost:1' } }, true],
		['a URL at ws', { '/api': 'ws://localhost:1' }, true],
		['a URL object at ws', { '/api': { target: new URL('ws://localhost:1') } }, true],
		['requests alone', { '/api': { target: 'http://localhost:1' } }, false],
		['a URL', { '/api': 'http://localhost:1' }, false],
		['another path', { '/other': { target: 'http://localhost:1', ws: true } }, false],
		['an option that is left out', { '/api': undefined as unknown as string }, false]
	])('heeds a proxy with %s', (_, proxies, isTaken) => {
		expect(isForProxy(asked('/api/chat?a'), { proxies })).toBe(isTaken);
	});

	it('takes a context with ^ for a pattern of the whole target', () => {
		const proxies = { '^/rooms/\\d+(\\?|$)': { target: 'http://localhost:1', ws: true } };
		expect(isForProxy(asked('/rooms/12?a=b'), { proxies })).toBe(true);
		expect(isForProxy(asked('/rooms/12/x'), { proxies })).toBe(false);
		expect(isForProxy(asked('/x/rooms/12'), { proxies })).toBe(false);
	});

	it('goes on after a proxy that matches and forwards no sockets, as Vite does', () => {
		const proxies = { '/api': 'http://localhost:1', '/api/live': 'ws://localhost:1' };
		expect(isForProxy(asked('/api/live'), { proxies })).toBe(true);
		expect(isForProxy(asked('/api/other'), { proxies })).toBe(false);
	});
});

describe('countListeners', () => {
	it('counts one for updates and one for all proxies', () => {
		expect(countListeners({ proxies: undefined })).toBe(0);
		expect(countListeners({ updates: '/', proxies: undefined })).toBe(1);
		expect(countListeners({ proxies: {} })).toBe(1);
		expect(countListeners({ updates: '/', proxies: { '/a': 'ws://a', '/b': 'ws://b' } })).toBe(2);
	});
});

describe('Claim', () => {
	let server: Server;
	let client: RawConnection;
	let socket: Socket;

	/** On a connection that has carried a request before. */
	beforeEach(async () => {
		server = createServer((_, res) => res.end('before')).listen(0, '127.0.0.1');
		await once(server, 'listening');
		client = await RawConnection.open((server.address() as AddressInfo).port);
		client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
		await client.response();
		const upgraded = once(server, 'upgrade');
		client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n');
		socket = (await upgraded)[1] as Socket;
		socket.on('error', () => {});
	});

	afterEach(async () => {
		vi.useRealTimers();
		socket.destroy();
		await client[Symbol.asyncDispose]();
		server.close();
	});

	it('is not taken by those who only look', () => {
		const claim = new Claim(socket);
		socket.on('error', () => {});
		socket.on('close', () => {});
		expect(claim.isTaken).toBe(false);
	});

	it('is taken by whoever writes', () => {
		const claim = new Claim(socket);
		socket.write('HTTP/1.1 101 Switching Protocols\r\n');
		expect(claim.isTaken).toBe(true);
	});

	it('is taken by whoever reads', () => {
		const claim = new Claim(socket);
		const listener = () => {};
		for (const event of ['data', 'readable']) {
			socket.on(event, listener);
			expect(claim.isTaken).toBe(true);
			socket.off(event, listener);
			expect(claim.isTaken).toBe(false);
		}
	});

	it('is taken by whoever has ended it, even before', () => {
		socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
		expect(new Claim(socket).isTaken).toBe(true);
	});

	it('is taken when the connection is gone', async () => {
		const claim = new Claim(socket);
		const isTaken = claim.isTakenInTime();
		client.socket.resetAndDestroy();
		expect(await isTaken).toBe(true);
	});

	it('waits for somebody who takes it later', async () => {
		const isTaken = new Claim(socket).isTakenInTime();
		await Promise.resolve();
		socket.write('HTTP/1.1 101 Switching Protocols\r\n');
		expect(await isTaken).toBe(true);
	});

	it('is free after five seconds in which nobody has taken it', async () => {
		vi.useFakeTimers();
		const decided = vi.fn();
		void new Claim(socket).isTakenInTime().then(decided);
		await vi.advanceTimersByTimeAsync(4900);
		expect(decided).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(100);
		expect(decided).toHaveBeenCalledWith(false);
	});
});
