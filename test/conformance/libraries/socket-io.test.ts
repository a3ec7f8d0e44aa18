import { once } from 'node:events';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import { bunBinary } from '../../support/bun.ts';
import { openClient } from '../../support/client.ts';
import { runApp } from '../../support/server.ts';
import { App } from '../websocket/app.ts';
import { librariesFolder, type Subject } from '../websocket/subject.ts';
import { libraries } from '../websocket/subjects.ts';

/** There is no TLS in front of the server. */
const plainHttp = { 'x-forwarded-proto': 'http' };

const ways = [['polling'], ['websocket'], ['polling', 'websocket']];

async function connect(
	{ url }: { url: string },
	transports?: string[]
): Promise<Socket & AsyncDisposable> {
	const socket = io(url, { transports, forceNew: true, reconnection: false });
	const failed = new Promise<never>((_resolve, reject) => socket.once('connect_error', reject));
	await Promise.race([new Promise<void>((resolve) => socket.once('connect', resolve)), failed]);
	return Object.assign(socket, {
		[Symbol.asyncDispose]: () => Promise.resolve(void socket.disconnect())
	});
}

const said = (socket: Socket) => new Promise<unknown>((resolve) => socket.once('said', resolve));

function socketIoSuite(subject: Subject): void {
	describe(`${subject.name}: socket.io on the same port`, () => {
		const app = new App(subject);

		it.each(ways)('rooms, texts and bytes, by %s %s', async (...transports) => {
			const room = app.tag();
			await using ann = await connect(app.running, transports.filter(Boolean));
			await using bob = await connect(app.running, transports.filter(Boolean));
			await ann.emitWithAck('join', room);
			const text = said(ann);
			bob.emit('say', room, 'grüß dich 日本');
			expect(await text).toBe('grüß dich 日本');
			const bytes = said(ann);
			bob.emit('say', room, Buffer.from([0, 255, 10]));
			expect(Buffer.from((await bytes) as Uint8Array)).toEqual(Buffer.from([0, 255, 10]));
		});

		it('its polling becomes a socket', async () => {
			await using socket = await connect(app.running);
			if (socket.io.engine.transport.name !== 'websocket')
				await once(socket.io.engine as never, 'upgrade');
			expect(socket.io.engine.transport.name).toBe('websocket');
		});

		it('sockets of the app, its pages and those of socket.io are there at the same time', async () => {
			await using socket = await connect(app.running);
			await using own = await app.open('/own', { cookie: 'user=ann' });
			own.send('hello');
			expect(await own.message()).toBe('ann: hello');
			expect(await app.text('/')).toContain('Libraries');
			const client = await app.text('/socket.io/socket.io.js');
			expect(client).toContain('Socket.IO');
			await socket.emitWithAck('join', app.tag());
		});
	});

	describe(`${subject.name}: the end of a server with socket.io`, () => {
		it('ends sockets of both and says nothing of it', async () => {
			const running = await subject.run('default');
			const socket = await connect(running);
			const own = await openClient(running.port, { path: '/own', headers: plainHttp });
			const left = new Promise((resolve) => socket.once('disconnect', resolve));
			running.signal('SIGTERM');
			await left;
			await own.closed;
			expect(await running.exited).toSatisfy((code) =>
				[0, 143, 'SIGTERM'].includes(code as number)
			);
			expect(running.output()).not.toMatch(/error/i);
		});
	});
}

const { uws, node, bun, dev, preview } = libraries;

/** Its own engine has nothing to attach to. */
const nodeOnBun: Subject = {
	...bun,
	name: 'node on Bun',
	run: () =>
		runApp({
			args: [join(librariesFolder, 'build/default')],
			runtime: bunBinary,
			env: { ENGINE: 'node', PROTOCOL_HEADER: 'x-forwarded-proto' }
		})
};

for (const subject of [uws, node, nodeOnBun, dev, preview]) socketIoSuite(subject);

describe('bun: socket.io, which has nothing to attach to', () => {
	const app = new App(bun);

	it('leaves the app as it is', async () => {
		expect(await app.text('/')).toContain('Libraries');
		await expect(connect(app.running, ['websocket'])).rejects.toThrow('websocket error');
	});
});
