import { afterEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../../src/client/core/connection.ts';
// Loaded beforehand: no clock that a test moves waits for files.
import '../../../../src/client/core/dialogue.ts';
import type { ConnectionOptions } from '../../../../src/client/core/types.ts';
import { isBeat } from '../../../../src/shared/heartbeat.ts';
import {
	maxResume,
	type PresenceChange,
	type TopicState
} from '../../../../src/shared/protocol.ts';
import { eachOnPage, type ScriptedPage, type ScriptedSocket } from './page.ts';
import { record } from './record.ts';

let page: ScriptedPage;
eachOnPage((made) => (page = made));

const syn = '\u0016';
const loaded = () => vi.dynamicImportSettled();
const sent = (socket: ScriptedSocket) => socket.sent.filter((each) => !isBeat(each));

let connection: Connection;
let gaps: unknown[];
let told: ReturnType<typeof record>;
afterEach(() => connection.close());

/** A server that knows of frames, as a test plays it, on one connection. */
class Server {
	readonly socket: ScriptedSocket;

	constructor(socket: ScriptedSocket) {
		this.socket = socket;
	}

	/** It lets the connection in. */
	greet(): this {
		this.socket.accept();
		this.socket.receive(`${syn}v1,30000`);
		return this;
	}

	opened(): void {
		this.socket.receive(`${syn}o`);
	}

	topic(state: TopicState): void {
		this.socket.receive(`${syn}t${JSON.stringify(state)}`);
	}

	message(number: number, offset: number, value: unknown): void {
		this.socket.receive(`${syn}m${number},${offset},${JSON.stringify(value)}`);
	}

	presence(number: number, change: PresenceChange): void {
		this.socket.receive(`${syn}w${number},${JSON.stringify(change)}`);
	}

	/** What the client has received before, as it says. */
	get resumed(): unknown {
		const [first] = this.socket.sent;
		return typeof first === 'string' && first.startsWith(`${syn}r`)
			? JSON.parse(first.slice(2))
			: undefined;
	}

	get isResumed(): boolean {
		return /x-websocket-protocol=1\.\w+\.r$/.test(this.socket.url);
	}
}

async function open(options: ConnectionOptions<unknown> = {}): Promise<Server> {
	connection = new Connection(page, '/chat', options);
	told = record(connection);
	gaps = [];
	connection.on('gap', (gap) => gaps.push(gap));
	connection.open();
	return new Server(await page.socket(1));
}

/** One that is on a topic which remembers, at message 5. */
async function following(options?: ConnectionOptions<unknown>): Promise<Server> {
	const server = (await open(options)).greet();
	server.topic({ number: 7, start: 'room.e1.5.sig', offset: 5, from: 5 });
	server.opened();
	await loaded();
	return server;
}

async function next(count: number): Promise<Server> {
	return new Server(await page.socket(count));
}

describe('a topic that remembers', () => {
	it('is heard in the order of its numbers, each once', async () => {
		const server = await following();
		server.message(7, 6, 'six');
		server.message(7, 6, 'six');
		server.message(7, 3, 'three');
		server.message(7, 7, { a: ',' });
		expect(told.message).toEqual(['six', { a: ',' }]);
		expect(connection.view.continuity).toBe('live');
	});

	it('is told in order with what came before its code was there', async () => {
		const server = (await open()).greet();
		server.topic({ number: 7, start: 'room.e1.0.sig', offset: 0, from: 0 });
		server.message(7, 1, 1);
		server.socket.receive('2');
		server.socket.receive(`${syn}b7,2,3`);
		const bytes = new Uint8Array([1, 2, 3]).buffer;
		server.socket.receive(bytes);
		server.socket.receive(new Uint8Array([9]).buffer);
		server.socket.receive(`${syn}${syn}text`);
		expect(told.message).toEqual([]);
		await loaded();
		expect(told.message).toEqual([1, 2, bytes, new Uint8Array([9]).buffer, `${syn}text`]);
	});

	it.each([
		['another length', []],
		['a text before it', ['"text"']]
	])(
		'takes bytes of %s for what they are, where those that were announced are lost',
		async (_, texts) => {
			const server = await following();
			server.socket.receive(`${syn}b7,6,${texts.length === 0 ? 3 : 1}`);
			for (const text of texts) server.socket.receive(text);
			const bytes = new Uint8Array([9]).buffer;
			server.socket.receive(bytes);
			expect(told.message).toEqual([...texts.map((text) => JSON.parse(text)), bytes]);
			server.message(7, 7, 7);
			expect(sent(server.socket)).toEqual([`${syn}g7,5`]);
		}
	);

	it('is asked for what is missing, and nothing is told before it is there', async () => {
		const server = await following();
		server.message(7, 8, 8);
		server.message(7, 9, 9);
		expect(told.message).toEqual([]);
		expect(sent(server.socket)).toEqual([`${syn}g7,5`]);
		for (const offset of [6, 7, 8, 9]) server.message(7, offset, offset);
		expect(told.message).toEqual([6, 7, 8, 9]);
		// what was asked for may be lost as well
		server.message(7, 11, 11);
		await vi.advanceTimersByTimeAsync(2000);
		server.message(7, 12, 12);
		expect(sent(server.socket).slice(1)).toEqual([`${syn}g7,9`, `${syn}g7,9`]);
	});

	it('does not miss what the client has published itself', async () => {
		const server = await following();
		server.socket.receive(`${syn}p7,6`);
		server.message(7, 7, 7);
		expect(told.message).toEqual([7]);
		expect(sent(server.socket)).toEqual([]);
	});

	it('goes on after a reconnect where it ended, before anything else is sent', async () => {
		const server = await following();
		expect(server.isResumed).toBe(false);
		server.message(7, 6, 6);
		server.socket.end(1006);
		expect(connection.view.continuity).toBe('recovering');
		connection.send('waiting');
		const again = await next(2);
		expect(again.isResumed).toBe(true);
		again.socket.accept();
		expect(connection.state.status).toBe('reconnecting');
		again.socket.receive(`${syn}v1,30000`);
		expect(again.socket.sent).toEqual([`${syn}r["room.e1.5.sig~6"]`, 'waiting']);
		expect(connection.state.status).toBe('open');
		again.topic({ number: 9, start: 'room.e1.6.sig', offset: 8, from: 6, isRecovered: true });
		again.message(9, 7, 7);
		again.opened();
		expect(connection.view.continuity).toBe('recovering');
		again.message(9, 8, 8);
		expect(connection.view.continuity).toBe('recovered');
		again.message(9, 9, 9);
		expect(told.message).toEqual([6, 7, 8, 9]);
		expect(gaps).toEqual([]);
	});

	it('is lost where it says so, and tells how much', async () => {
		const server = await following();
		server.socket.end(1006);
		const again = (await next(2)).greet();
		again.topic({
			number: 9,
			start: 'room.e1.50.sig',
			offset: 60,
			from: 50,
			isRecovered: false,
			missed: 45
		});
		expect(gaps).toEqual([{ missed: 45 }]);
		for (let offset = 51; offset <= 60; offset += 1) again.message(9, offset, offset);
		again.opened();
		expect(connection.view.continuity).toBe('lost');
		expect(told.message).toHaveLength(10);
		again.message(9, 61, 61);
		again.socket.end(1006);
		const third = (await next(3)).greet();
		expect(third.resumed).toEqual(['room.e1.50.sig~61']);
		third.topic({ number: 9, start: 'room.e1.61.sig', offset: 61, from: 61, isRecovered: true });
		third.opened();
		expect(connection.view.continuity).toBe('recovered');
		expect(gaps).toHaveLength(1);
	});

	it('with smaller numbers of another epoch is heard, and what was before is lost', async () => {
		const server = await following();
		server.socket.end(1006);
		const again = (await next(2)).greet();
		again.topic({ number: 1, start: 'room.e2.0.sig', offset: 0, from: 0, isRecovered: false });
		again.message(1, 1, 'first');
		expect(told.message).toEqual(['first']);
		expect(gaps).toEqual([{}]);
	});

	it('begins anew on the same connection where its numbers do', async () => {
		const server = await following();
		server.topic({ number: 7, start: 'room.e2.0.sig', offset: 0, from: 0, isRecovered: false });
		expect(gaps).toEqual([{}]);
		expect(connection.view.continuity).toBe('lost');
		server.message(7, 1, 'first');
		expect(told.message).toEqual(['first']);
	});

	it('that the peer has left is not gone on with', async () => {
		const server = await following();
		server.socket.receive(`${syn}u7`);
		server.socket.end(1006);
		expect((await next(2)).isResumed).toBe(false);
		expect(connection.view.continuity).toBe('live');
	});

	it('is lost where another server knows nothing of it', async () => {
		const server = await following();
		server.socket.end(1006);
		const old = await next(2);
		old.socket.accept();
		old.socket.receive(`${syn}30000`);
		expect(connection.state.status).toBe('open');
		expect(old.socket.sent).toEqual([]);
		expect(gaps).toEqual([{}]);
		expect(connection.view.continuity).toBe('lost');
		old.socket.end(1006);
		expect((await next(3)).isResumed).toBe(false);
	});

	it('is forgotten where the socket moves, and not by a page that was away', async () => {
		const server = await following();
		page.tell('hide');
		server.socket.end(1006);
		page.tell('show');
		const again = (await next(2)).greet();
		expect(again.resumed).toEqual(['room.e1.5.sig~5']);
		connection.moveTo('/other');
		expect((await next(3)).isResumed).toBe(false);
		expect(connection.view.continuity).toBe('live');
		expect(gaps).toEqual([]);
	});

	it('is gone on with after somebody has closed and opened', async () => {
		await following();
		connection.close();
		connection.open();
		expect((await next(2)).greet().resumed).toEqual(['room.e1.5.sig~5']);
	});

	it('is said first where there are too many to be said at all', async () => {
		const server = (await open()).greet();
		for (let number = 1; number <= 1000; number += 1) {
			server.topic({ number, start: `t${number}.e.0.signature`, offset: 0, from: 0 });
		}
		await loaded();
		server.socket.end(1006);
		const again = (await next(2)).greet();
		const all = again.resumed as string[];
		expect(all[0]).toBe('t1000.e.0.signature~0');
		expect(all.length).toBeLessThan(1000);
		expect(String(again.socket.sent[0]).length).toBeLessThanOrEqual(maxResume);
		expect(String(again.socket.sent[0]).length).toBeGreaterThan(maxResume - 40);
	});
});

describe('while one server takes the place of another', () => {
	async function leaving() {
		const server = await following();
		server.socket.receive(`${syn}-20000`);
		const other = await next(2);
		expect(other.isResumed).toBe(true);
		return { server, other };
	}

	it('nothing is told twice, and nothing is lost', async () => {
		const { server, other } = await leaving();
		server.message(7, 6, 6);
		other.greet();
		expect(other.resumed).toEqual(['room.e1.5.sig~6']);
		// the new one takes its time, and the old one goes on
		server.message(7, 7, 7);
		server.socket.receive('"unnumbered"');
		other.topic({ number: 3, start: 'room.e1.6.sig', offset: 8, from: 6, isRecovered: true });
		other.message(3, 7, 7);
		server.message(7, 8, 8);
		other.message(3, 8, 8);
		other.opened();
		other.message(3, 9, 9);
		server.message(7, 9, 9);
		server.message(7, 10, 10);
		other.message(3, 10, 10);
		expect(told.message).toEqual([6, 7, 'unnumbered', 8, 9, 10]);
		expect(gaps).toEqual([]);
		expect(connection.view.continuity).toBe('recovered');
	});

	it('the old one is heard until the new one has done what it does first, and no longer', async () => {
		const { server, other } = await leaving();
		other.greet();
		server.socket.receive('1');
		other.socket.receive('2');
		other.opened();
		server.socket.receive('3');
		expect(told.message).toEqual([1, 2]);
		expect(server.socket.closed).toBeUndefined();
		server.socket.receive(server.socket.sent.findLast((each) => isBeat(each)));
		expect(server.socket.closed).toEqual({ code: 1000, reason: '' });
	});

	it('the old one says nothing of a topic that has begun anew', async () => {
		const { server, other } = await leaving();
		other.greet();
		other.topic({ number: 3, start: 'room.e2.0.sig', offset: 0, from: 0, isRecovered: false });
		server.message(7, 6, 'old');
		other.message(3, 1, 'new');
		expect(told.message).toEqual(['new']);
		expect(gaps).toEqual([{}]);
	});

	it('the old one says nothing of numbers that have begun anew there', async () => {
		const { server, other } = await leaving();
		other.greet();
		other.topic({ number: 3, start: 'room.e1.5.sig', offset: 5, from: 5, isRecovered: true });
		server.topic({ number: 7, start: 'room.e9.0.sig', offset: 0, from: 0, isRecovered: false });
		other.message(3, 6, 'goes on');
		expect(told.message).toEqual(['goes on']);
		expect(gaps).toEqual([]);
	});

	it('the old one is not left before it has answered what it was asked', async () => {
		const { server, other } = await leaving();
		const answer = connection.request('last');
		other.greet().opened();
		const beats = () => server.socket.sent.filter((each) => isBeat(each));
		server.socket.receive(beats().at(-1));
		expect(server.socket.closed).toBeUndefined();
		const asked = beats().length;
		server.socket.receive(`${syn}a1,"done"`);
		expect(await answer).toBe('done');
		expect(beats()).toHaveLength(asked + 1);
		server.socket.receive(beats().at(-1));
		expect(server.socket.closed).toEqual({ code: 1000, reason: '' });
	});

	it('a request is rejected where the old one ends without an answer', async () => {
		const { server, other } = await leaving();
		const answer = connection.request('last');
		other.greet().opened();
		server.socket.end(1001);
		await expect(answer).rejects.toMatchObject({ code: 'closed' });
		expect(connection.state.status).toBe('open');
	});
});

describe('since', () => {
	it.each([
		['a position', 'room.e1.3.sig'],
		['several', ['room.e1.3.sig', '']],
		['a promise', Promise.resolve('room.e1.3.sig')],
		['a function', () => 'room.e1.3.sig']
	])('is where the first connection goes on: %s', async (_, since) => {
		const server = (await open({ since })).greet();
		expect(server.isResumed).toBe(true);
		expect(server.resumed).toEqual(['room.e1.3.sig']);
		server.topic({ number: 7, start: 'room.e1.3.sig', offset: 4, from: 3, isRecovered: true });
		server.opened();
		expect(connection.view.continuity).toBe('recovering');
		server.message(7, 4, 4);
		expect(connection.view.continuity).toBe('recovered');
		server.socket.end(1006);
		expect((await next(2)).greet().resumed).toEqual(['room.e1.3.sig~4']);
	});

	it.each([
		['nothing', () => undefined],
		['an empty text', ''],
		['a failure', () => Promise.reject(new Error('no'))]
	])('may be %s', async (_, since) => {
		const server = (await open({ since })).greet();
		expect(server.isResumed).toBe(false);
		expect(connection.state.status).toBe('open');
	});

	it('is asked again after a move, and not for another connection', async () => {
		let asked = 0;
		const since = () => `room${(asked += 1)}.e1.3.sig`;
		const server = (await open({ since })).greet();
		server.socket.end(1006);
		expect((await next(2)).greet().resumed).toEqual(['room1.e1.3.sig']);
		connection.moveTo('/other');
		expect((await next(3)).greet().resumed).toEqual(['room2.e1.3.sig']);
	});
});

describe('presence', () => {
	const ann = { id: 'ann', info: { name: 'Ann' } };
	const bob = { id: 'bob', info: null };
	const cas = { id: 'cas', info: 3 };

	async function inRoom(): Promise<Server> {
		const server = (await open()).greet();
		server.topic({ number: 7 });
		server.opened();
		await loaded();
		server.presence(7, { all: [ann, bob] });
		return server;
	}

	it('is who is there, who comes and who goes, each once', async () => {
		const server = await inRoom();
		expect(connection.view.presence).toEqual([ann, bob]);
		const before = connection.view.presence;
		server.presence(7, { joined: [cas, { id: 'ann', info: 1 }], left: ['bob', 'nobody'] });
		expect(connection.view.presence).toEqual([{ id: 'ann', info: 1 }, cas]);
		expect(before).toEqual([ann, bob]);
		server.presence(7, { all: [bob] });
		expect(connection.view.presence).toEqual([bob]);
	});

	it('is one list of several topics, and without those of one that the peer has left', async () => {
		const server = await inRoom();
		server.topic({ number: 8 });
		server.presence(8, { all: [bob, cas] });
		expect(connection.view.presence).toEqual([ann, bob, cas]);
		server.socket.receive(`${syn}u7`);
		expect(connection.view.presence).toEqual([bob, cas]);
	});

	it('stays while there is no connection, and until the next one has said who is there', async () => {
		const server = await inRoom();
		server.socket.end(1006);
		expect(connection.view.presence).toEqual([ann, bob]);
		const again = (await next(2)).greet();
		again.topic({ number: 2 });
		again.opened();
		expect(connection.view.presence).toEqual([ann, bob]);
		again.presence(2, { all: [bob, cas] });
		expect(connection.view.presence).toEqual([bob, cas]);
	});

	it('of several topics stays until all of them have been told, a second at most', async () => {
		const server = await inRoom();
		server.topic({ number: 8 });
		server.presence(8, { all: [cas] });
		server.socket.end(1006);
		const again = (await next(2)).greet();
		again.topic({ number: 2 });
		again.topic({ number: 3 });
		again.opened();
		again.presence(2, { all: [ann] });
		expect(connection.view.presence).toEqual([ann, bob, cas]);
		again.presence(3, { all: [cas] });
		expect(connection.view.presence).toEqual([ann, cas]);
		again.socket.end(1006);
		const third = (await next(3)).greet();
		third.opened();
		expect(connection.view.presence).toEqual([ann, cas]);
		await vi.advanceTimersByTimeAsync(1000);
		expect(connection.view.presence).toEqual([]);
	});

	it.each([
		['closes', () => connection.close()],
		['moves', () => connection.moveTo('/other')]
	])('is nobody where the socket %s', async (_, act) => {
		await inRoom();
		act();
		expect(connection.view.presence).toEqual([]);
	});

	it('is nobody where another server knows nothing of it', async () => {
		const server = await inRoom();
		server.socket.end(1006);
		const old = await next(2);
		old.socket.accept();
		old.socket.receive('welcome');
		expect(connection.view.presence).toEqual([]);
	});
});
