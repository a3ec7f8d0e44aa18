import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { announce } from '../../../../src/server/handshake/announce.ts';
import { FakeExchange } from '../../support/exchange.ts';

const name = 'http.server.request.start';
const scopes = new AsyncLocalStorage<{ user?: string }>();

interface Started {
	request: IncomingMessage;
	response: ServerResponse;
	server: Server;
}

let undo = () => {};
afterEach(() => undo());

/** As Sentry does it. */
function track(): Started[] {
	const seen: Started[] = [];
	const listener = (message: unknown) => {
		const started = message as Started;
		seen.push(started);
		const emit = started.server.emit.bind(started.server);
		started.server.emit = (event: string, ...args: unknown[]) =>
			event === 'request' ? scopes.run({}, () => emit(event, ...args)) : emit(event, ...args);
	};
	subscribe(name, listener);
	undo = () => void unsubscribe(name, listener);
	return seen;
}

/** As OpenTelemetry does it. */
function patch(): unknown[][] {
	const seen: unknown[][] = [];
	const emit = Server.prototype.emit;
	Server.prototype.emit = function (this: Server, event: string, ...args: unknown[]) {
		seen.push([event, ...args]);
		return scopes.run({}, () => Reflect.apply(emit, this, [event, ...args]) as boolean);
	};
	undo = () => void Reflect.deleteProperty(Server.prototype, 'emit');
	return seen;
}

/** What a handshake sees of its scope after others have set theirs. */
async function handshake(user: string): Promise<string | undefined> {
	let seen: string | undefined;
	await announce(new FakeExchange(), async () => {
		const scope = scopes.getStore();
		if (scope) scope.user = user;
		await new Promise(setImmediate);
		seen = scopes.getStore()?.user;
	});
	return seen;
}

describe('a handshake that is announced', () => {
	it('has a scope of its own, by what Node tells of requests', async () => {
		track();
		expect(await Promise.all(['Ada', 'Grace'].map(handshake))).toEqual(['Ada', 'Grace']);
	});

	it('has one where somebody has replaced what a server does', async () => {
		const seen = patch();
		expect(await Promise.all(['Ada', 'Grace'].map(handshake))).toEqual(['Ada', 'Grace']);
		expect(seen.map(([event]) => event)).toEqual(['request', 'request']);
	});

	it('is a request with what it has asked, but for a one-time key', async () => {
		const [headers, address] = [{ cookie: 'a=b', 'x-a': 'c' }, '10.0.0.1'];
		const target = '/base/_/connect/0123456789?x=1';
		const seen = track();
		await announce(new FakeExchange({ target, headers, address }), () => Promise.resolve());
		const [{ request }] = seen as [Started];
		expect(request).toBeInstanceOf(IncomingMessage);
		expect(request).toMatchObject({ method: 'GET', url: '/base/_/connect/key?x=1', headers });
		expect(request.rawHeaders).toEqual(['cookie', 'a=b', 'x-a', 'c']);
		expect(request.socket.remoteAddress).toBe(address);
	});

	it('ends with the status that the client got', async () => {
		const seen = track();
		const ended: number[] = [];
		for (const status of [101, 403]) {
			const exchange = new FakeExchange();
			const running = announce(exchange, async () => {
				await new Promise(setImmediate);
				if (status !== 101) await exchange.send({ status, headers: [] }, null);
			});
			const response = seen.at(-1)?.response;
			response?.once('close', () => ended.push(response.statusCode));
			expect(ended).not.toContain(status);
			await running;
		}
		expect(ended).toEqual([101, 403]);
	});

	it('is run though somebody keeps the request to themselves, once', async () => {
		patch();
		const runs: string[] = [];
		await announce(new FakeExchange(), async () => void runs.push('passed on'));
		undo();
		Server.prototype.emit = () => true;
		await announce(new FakeExchange(), async () => void runs.push('kept'));
		expect(runs).toEqual(['passed on', 'kept']);
	});

	it('is nothing where nobody listens', async () => {
		expect(await handshake('Ada')).toBeUndefined();
		const exchange = new FakeExchange();
		const { send } = exchange;
		await announce(exchange, () => Promise.resolve());
		expect(exchange.send).toBe(send);
	});
});
