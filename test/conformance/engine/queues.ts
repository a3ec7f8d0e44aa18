import { describe, expect, it } from 'vitest';
import type { EngineSocket } from '../../../src/server/engine/engine.ts';
import { openClient, type Client } from '../../support/client.ts';
import { accepting } from './accepting.ts';
import type { Subject } from './subject.ts';

/** Large enough to be sent on its own, small enough that many fit into what the system buffers. */
const large = 64 * 1024;

/** Send until something is dropped. @returns what was not */
function fill(socket: EngineSocket, size = large): Buffer[] {
	const accepted: Buffer[] = [];
	for (;;) {
		const message = Buffer.alloc(size, accepted.length);
		if (socket.send(message, false) === 'dropped') return accepted;
		accepted.push(message);
	}
}

async function expectMessages(client: Client, messages: Buffer[]): Promise<void> {
	for (const message of messages) {
		expect(message.equals((await client.message()) as Buffer)).toBe(true);
	}
}

/** When a client has got everything that was sent to it before. */
async function flushed(client: Client, socket: EngineSocket): Promise<(string | Buffer)[]> {
	await expect.poll(() => socket.bufferedAmount).toBe(0);
	socket.send('flushed', false);
	const messages: (string | Buffer)[] = [];
	for (;;) {
		const message = await client.message();
		if (message === 'flushed') return messages;
		messages.push(message);
	}
}

/** What an engine does with what a client does not take at once. */
export function queueSuite(subject: Subject): void {
	const sockets = { maxBackpressure: 256 * 1024 };

	describe(`${subject.name}: what is lost`, () => {
		// Counts to the message what is lost amid a turn. Over a relay that is known later, and test/unit/src/relay counts it there.
		it.skipIf(subject.transit)(
			'is counted, whether it was sent or published, and told of once, later',
			async () => {
				await using server = await accepting(subject, { sockets });
				await using client = await openClient(server.port);
				const slow = await server.next();
				await using second = await openClient(server.port);
				const other = await server.next();
				slow.socket.subscribe('news');
				client.ws.pause();
				const accepted = fill(slow.socket);
				expect([slow.socket.dropped, slow.overflows]).toEqual([1, 0]);
				server.engine.publish('news', Buffer.alloc(large), false);
				other.socket.publish('news', Buffer.alloc(large), false);
				for (let count = 0; count < 100; count += 1) {
					server.engine.publish('news', 'small', false);
					other.socket.publish('news', 'small', true);
				}
				slow.socket.send('small', false);
				await expect.poll(() => slow.overflows).toBe(1);
				expect(slow.socket.dropped).toBe(1 + 2 + 200 + 1);
				expect(server.engine.subscribers('news')).toBe(1);
				server.engine.publish('news', 'small', false);
				client.ws.resume();
				await expectMessages(client, accepted);
				expect(await flushed(client, slow.socket)).toEqual([]);
				expect([slow.socket.dropped, slow.overflows]).toEqual([205, 1]);
				expect([other.socket.dropped, other.overflows, second.waiting]).toEqual([0, 0, 0]);
			}
		);

		it('is counted where everything comes at once, and the rest arrives in order', async () => {
			await using server = await accepting(subject, { sockets });
			await using client = await openClient(server.port);
			const { socket } = await server.next();
			socket.subscribe('news');
			client.ws.pause();
			const count = 5000;
			for (let index = 0; index < count; index += 1) {
				server.engine.publish('news', String(index).padEnd(4000), false);
			}
			client.ws.resume();
			const received = (await flushed(client, socket)).map(Number);
			expect(received).toEqual(received.toSorted((one, another) => one - another));
			const uncounted = count - received.length - socket.dropped;
			expect(received.length).toBeLessThan(count);
			expect(uncounted).toBeGreaterThanOrEqual(0);
			expect(uncounted).toBeLessThanOrEqual(subject.uncounted);
		});

		it('changes nothing about the topics of the client', async () => {
			await using server = await accepting(subject, { sockets });
			await using client = await openClient(server.port);
			const { socket } = await server.next();
			await using second = await openClient(server.port);
			const other = await server.next();
			const counts = (...topics: string[]) =>
				topics.map((topic) => server.engine.subscribers(topic));
			for (const topic of ['kept', 'left', 'gr\u00fc\u00df']) socket.subscribe(topic);
			other.socket.subscribe('kept');
			client.ws.pause();
			const accepted = fill(socket);
			server.engine.publish('kept', 'lost', false);
			socket.unsubscribe('left');
			socket.subscribe('joined');
			expect(counts('kept', 'left', 'gr\u00fc\u00df', 'joined')).toEqual([2, 0, 1, 1]);
			socket.publish('kept', 'from the slow one', false);
			client.ws.resume();
			await expectMessages(client, accepted);
			expect(await flushed(client, socket)).toEqual([]);
			expect(counts('kept', 'left', 'gr\u00fc\u00df', 'joined')).toEqual([2, 0, 1, 1]);
			for (const topic of ['kept', 'left', 'gr\u00fc\u00df', 'joined']) {
				server.engine.publish(topic, topic, false);
			}
			expect(await flushed(client, socket)).toEqual(['kept', 'gr\u00fc\u00df', 'joined']);
			expect([await second.message(), await second.message(), await second.message()]).toEqual([
				'lost',
				'from the slow one',
				'kept'
			]);
			client.ws.terminate();
			await expect.poll(() => counts('kept', 'gr\u00fc\u00df', 'joined')).toEqual([1, 0, 0]);
		});

		it('is no ping and no answer to one', async () => {
			await using server = await accepting(subject, { sockets });
			await using client = await openClient(server.port);
			const { socket, overflows } = await server.next();
			client.ws.pause();
			fill(socket);
			for (let count = 0; count < 20; count += 1) {
				client.ws.ping('are you there?');
				socket.ping();
			}
			client.ws.send('a message, after them');
			await expect.poll(() => socket.dropped).toBe(1);
			expect(overflows).toBe(0);
		});

		it('is not what was sent when the socket had ended', async () => {
			await using server = await accepting(subject, { sockets });
			await using client = await openClient(server.port);
			const ended = await server.next();
			client.ws.pause();
			fill(ended.socket);
			ended.socket.close(1013, 'Too slow', 'backpressure');
			for (let count = 0; count < 3; count += 1) ended.socket.send('late', false);
			expect(await ended.closed).toEqual({ code: 1013, reason: 'Too slow', cause: 'backpressure' });
			expect([ended.socket.dropped, ended.overflows]).toEqual([1, 0]);
			await new Promise((resolve) => void setImmediate(resolve));
			expect(ended.overflows).toBe(0);
		});
	});

	describe(`${subject.name}: a socket that is closed while something is queued`, () => {
		it.each([
			['below the limit', { maxBackpressure: 64 * 1024 * 1024 }, 'a callback of its own'],
			['above the limit', sockets, 'a callback of its own'],
			['below the limit', { maxBackpressure: 64 * 1024 * 1024 }, 'message'],
			['above the limit', sockets, 'message']
		] as const)(
			'has ended at once, and the client gets everything, and the close frame after it: %s, in %s',
			async (_, options, where) => {
				const messages = Array.from({ length: 9 }, (__, index) => Buffer.alloc(500_000, index));
				let accepted: Buffer[] = [];
				const say = ({ socket }: { socket: EngineSocket }) => {
					socket.subscribe('news');
					accepted = messages.filter((message) => socket.send(message, false) !== 'dropped');
					if (socket.send(Buffer.alloc(1), false) !== 'dropped') accepted.push(Buffer.alloc(1));
					socket.close(4001, 'gr\u00fc\u00df');
					socket.send('late', false);
					server.engine.publish('news', 'late', false);
				};
				await using server = await accepting(subject, {
					sockets: options,
					...(where === 'message' && { message: say })
				});
				await using client = await openClient(server.port);
				const opened = await server.next();
				client.ws.pause();
				if (where === 'message') client.ws.send('now');
				else say(opened);
				expect(await opened.closed).toEqual({ code: 4001, reason: 'gr\u00fc\u00df' });
				await expect.poll(() => server.engine.leaving).toBe(1);
				client.ws.send('late');
				client.ws.resume();
				await expectMessages(client, accepted);
				expect(await client.closed).toEqual({ code: 4001, reason: 'gr\u00fc\u00df' });
				await expect.poll(() => server.engine.leaving).toBe(0);
				expect(client.waiting).toBe(0);
				expect(opened.messages).toEqual(where === 'message' ? ['now'] : []);
			}
		);

		it('is followed by what was published before', async () => {
			await using server = await accepting(subject, { sockets });
			await using client = await openClient(server.port);
			const { socket } = await server.next();
			socket.subscribe('news');
			client.ws.pause();
			while (socket.send(Buffer.alloc(large), false) === 'sent');
			server.engine.publish('news', 'before', false);
			socket.close(4001, '');
			server.engine.publish('news', 'after', false);
			client.ws.resume();
			expect((await client.closed).code).toBe(4001);
			expect(client.received).toEqual(['before']);
		});

		it('is cut when the client takes nothing, though it still sends', async () => {
			// more than the system takes, even later
			const options = { maxBackpressure: 16 * 1024 * 1024, closeTimeout: 0.5 };
			await using server = await accepting(subject, { sockets: options });
			await using client = await openClient(server.port);
			const { socket } = await server.next();
			client.ws.pause();
			fill(socket);
			socket.close(4001, '');
			await expect.poll(() => server.engine.leaving).toBe(1);
			const timer = setInterval(() => client.ws.ping(), 50);
			await expect.poll(() => server.engine.leaving).toBe(0);
			clearInterval(timer);
			client.ws.resume();
			expect((await client.closed).code).toBe(1006);
		});

		it.each(['terminate', 'close of the engine', 'the client leaves'] as const)(
			'is cut at once by %s',
			async (way) => {
				await using server = await accepting(subject, { sockets });
				await using client = await openClient(server.port);
				const { socket, closed } = await server.next();
				client.ws.pause();
				fill(socket);
				socket.close(4001, '');
				await expect.poll(() => server.engine.leaving).toBe(1);
				if (way === 'terminate') socket.terminate();
				else if (way === 'close of the engine') server.engine.close();
				else client.ws.terminate();
				await expect.poll(() => server.engine.leaving).toBe(0);
				client.ws.resume();
				expect((await client.closed).code).toBe(1006);
				expect((await closed).code).toBe(4001);
			}
		);
	});
}
