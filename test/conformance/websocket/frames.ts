import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Client } from '../../support/client.ts';
import { App } from './app.ts';
import {
	closeFrame,
	fragments,
	frame,
	FrameSocket,
	opcodes,
	type FrameOptions
} from './raw-frames.ts';
import type { Endings, Subject } from './subject.ts';

/** What a client sends where engines do not agree on what follows; it may not, but for the last. */
type Offence =
	| 'no mask'
	| 'a message amid another'
	| 'a close frame that is not allowed'
	| 'half a code'
	| 'a code from 1012 to 3999';

/** What follows instead of what RFC 6455 asks for. */
interface Outcome {
	why: string;
	/** The code of the server's close frame. */
	code?: number;
	/** The code that the app's hook is given. */
	hook?: number;
	/** It does not end: the server takes this for a message. */
	message?: string;
}

/** Where an engine does not do what RFC 6455 asks for. It is left at that: nobody else is harmed, and the adapter sees no frames. */
const differences: Record<string, Partial<Record<Offence, Outcome>>> = {
	uws: {
		'no mask': {
			why: 'uWS does not look at the bit: it takes the next four bytes for the key',
			message: '\u0007ellh'
		},
		'a message amid another': {
			why: 'uWS looks for text only, and forgets at a control frame that a message has begun',
			message: 'ax'
		},
		'a close frame that is not allowed': {
			why: 'uWS answers an empty close frame and tells the app 1006',
			code: 1005,
			hook: 1006
		},
		'half a code': {
			why: 'uWS takes it for no code',
			code: 1005,
			hook: 1005
		},
		'a code from 1012 to 3999': {
			why: 'uWS allows what RFC 6455 names and what apps may use, not what came later or libraries use',
			code: 1005,
			hook: 1006
		}
	}
};

/** Codes of RFC 6455 and of its registry, and the ends of the ranges for libraries and apps. */
const goodCodes = [
	1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999
];
const badCodes = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535];

interface Breach {
	name: string;
	rule: keyof Endings;
	offence?: Offence;
	bytes: Uint8Array[];
}

/** A breach of the rules by one frame. */
function breach(name: string, options: FrameOptions): Breach {
	return { name, rule: 'protocolError', bytes: [frame(options)] };
}

const start = frame({ payload: 'a', isFinal: false });

const protocolErrors: Breach[] = [
	{
		name: 'without a mask',
		rule: 'protocolError',
		offence: 'no mask',
		bytes: [frame({ payload: 'hello', isMasked: false }), Buffer.alloc(4)]
	},
	...[4, 2, 1].flatMap((reserved, index) => [
		breach(`with RSV${index + 1}, of a message`, { payload: 'x', reserved }),
		breach(`with RSV${index + 1}, of a ping`, { opcode: 'ping', reserved })
	]),
	{
		name: 'with RSV1, of a second fragment',
		rule: 'protocolError',
		bytes: [start, frame({ opcode: 'continuation', reserved: 4 })]
	},
	...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) =>
		breach(`of opcode ${opcode}, which means nothing`, { opcode, payload: 'x' })
	),
	...(['ping', 'pong', 'close'] as const).flatMap((opcode) => [
		breach(`that begins a fragmented ${opcode}`, { opcode, isFinal: false }),
		breach(`that is a ${opcode} of 126 bytes`, { opcode, payload: Buffer.alloc(126, 3) })
	]),
	breach('that is a ping and says its length in 16 bits', { opcode: 'ping', lengthBits: 16 }),
	breach('that goes on with nothing', { opcode: 'continuation', payload: 'x' }),
	breach('that goes on with nothing, and is not the last', {
		opcode: 'continuation',
		isFinal: false
	}),
	{
		name: 'that goes on with a message that was complete',
		rule: 'protocolError',
		bytes: [...fragments('text', ['a', 'b']), frame({ opcode: 'continuation', payload: 'c' })]
	},
	{
		name: 'of text amid a message of text',
		rule: 'protocolError',
		bytes: [start, frame({ payload: 'x' })]
	},
	{
		name: 'of binary amid a message of text',
		rule: 'protocolError',
		offence: 'a message amid another',
		bytes: [start, frame({ opcode: 'binary', payload: 'x' })]
	},
	{
		name: 'of text amid a message of text, after a pong',
		rule: 'protocolError',
		offence: 'a message amid another',
		bytes: [start, frame({ opcode: 'pong' }), frame({ payload: 'x' })]
	}
];

const badText: [what: string, bytes: number[]][] = [
	['a byte that never occurs', [0x61, 0xff]],
	['a continuation byte on its own', [0x61, 0x80]],
	['a slash in two bytes', [0xc0, 0xaf]],
	['a slash in three bytes', [0xe0, 0x80, 0xaf]],
	['a surrogate', [0xed, 0xa0, 0x80]],
	['two surrogates that would be a pair', [0xed, 0xa0, 0xbd, 0xed, 0xb1, 0x8b]],
	['a character above the last one', [0xf4, 0x90, 0x80, 0x80]],
	['a character that is cut off at the end', [0x61, 0xe2, 0x82]]
];

const invalidTexts: Breach[] = badText.flatMap(([name, bytes]): Breach[] => [
	{ name, rule: 'invalidText', bytes: [frame({ payload: Uint8Array.from(bytes) })] },
	{
		name: `${name}, every byte in a fragment`,
		rule: 'invalidText',
		bytes: fragments(
			'text',
			bytes.map((byte) => Uint8Array.of(byte))
		)
	}
]);

const badCloses: Breach[] = [
	...badCodes.map((code): Breach => ({
		name: `of code ${code}`,
		rule: 'protocolError',
		offence: 'a close frame that is not allowed',
		bytes: [closeFrame(code, 'why')]
	})),
	{
		name: 'with half a code',
		rule: 'protocolError',
		offence: 'half a code',
		bytes: [frame({ opcode: 'close', payload: Uint8Array.of(3) })]
	},
	...badText.map(([what, bytes]): Breach => ({
		name: `with ${what} in the reason`,
		rule: 'invalidText',
		offence: 'a close frame that is not allowed',
		bytes: [closeFrame(1000, Uint8Array.from(bytes))]
	}))
];

/** Lengths that no message may have, of which nothing but the header arrives. */
const absurdLengths: Breach[] = (
	[
		['that has the top bit set', 1n << 63n],
		['that has all bits set', (1n << 64n) - 1n],
		['of 2 ** 53', 1n << 53n],
		['of which the lower half is 1', (1n << 32n) + 1n],
		['of 512 KiB and a byte', 512n * 1024n + 1n]
	] as const
).map(([name, length]) => ({
	name,
	rule: 'tooBig',
	bytes: [frame({ opcode: 'binary', payload: 'x', length, lengthBits: 64 })]
}));

/** For `maxPayload` 1000. */
const tooBig: Breach[] = [
	{ name: 'in one frame', rule: 'tooBig', bytes: [frame({ payload: 'x'.repeat(1001) })] },
	{
		name: 'as soon as the header says so',
		rule: 'tooBig',
		bytes: [frame({ payload: '', length: 1001n })]
	},
	{
		name: 'as the sum of two fragments',
		rule: 'tooBig',
		bytes: fragments('binary', ['x'.repeat(500), 'x'.repeat(501)])
	},
	{
		name: 'by the last byte of many fragments',
		rule: 'tooBig',
		bytes: fragments(
			'text',
			Array.from({ length: 1001 }, () => 'x')
		)
	},
	{
		name: 'before the last fragment comes',
		rule: 'tooBig',
		bytes: fragments('text', ['x'.repeat(1000), 'x', '']).slice(0, 2)
	}
];

/** What a client may put on the wire and what it must not, frame by frame. */
export function framesSuite(subject: Subject): void {
	describe(`${subject.name}: frames`, () => {
		const scene = new Scene(subject);
		describe('of a message', () => goodMessages(scene));
		describe('of control', () => goodControl(scene));
		describe('that end the socket: one', () => endings(scene, protocolErrors));
		describe('that end the socket: text with', () => endings(scene, invalidTexts));
		describe('that end the socket: a length', () => endings(scene, absurdLengths));
		describe('that end the socket: a close frame', () => endings(scene, badCloses));
		describe('that close', () => closing(scene));
		describe('of a client that goes wrong', () => badClients(scene));
		describe('in great numbers', () => floods(scene));
	});

	describe(`${subject.name}: frames of messages of at most 1000 bytes`, () => {
		const scene = new Scene(subject, 'base');
		describe('that end the socket: more than that', () => endings(scene, tooBig));

		test.for([
			['in one frame', [frame({ payload: 'x'.repeat(1000) })]],
			['in two fragments', fragments('text', ['x'.repeat(999), 'x'])],
			['in three, of which one is empty', fragments('text', ['x'.repeat(500), '', 'x'.repeat(500)])]
		] as const)('that have exactly that %s', async ([, bytes]) => {
			await using socket = await scene.open();
			socket.write(...bytes);
			expect(String(await socket.payload('text'))).toBe('x'.repeat(1000));
		});

		test('of which control frames are no part', async () => {
			await using socket = await scene.open();
			const [first, last] = fragments('text', ['x'.repeat(500), 'x'.repeat(500)]);
			const ping = frame({ opcode: 'ping', payload: 'p'.repeat(125) });
			for (const each of [first, ping, last, ping]) if (each) socket.write(each);
			expect(await socket.payload('pong')).toHaveLength(125);
			expect(await socket.payload('text')).toHaveLength(1000);
			expect(await socket.payload('pong')).toHaveLength(125);
		});

		test('each on its own, however many there are', async () => {
			await using socket = await scene.open();
			const message = frame({ payload: 'x'.repeat(1000) });
			socket.write(...Array.from({ length: 20 }, () => message));
			for (let count = 0; count < 20; count += 1) {
				expect(await socket.payload('text')).toHaveLength(1000);
			}
		});
	});
}

function goodMessages(scene: Scene): void {
	test.for(['text', 'binary'] as const)('%s in a hundred fragments', async (opcode) => {
		await using socket = await scene.open();
		const parts = Array.from({ length: 100 }, (_, index) => `part ${index}, `);
		socket.write(...fragments(opcode, parts));
		expect(String(await socket.payload(opcode))).toBe(parts.join(''));
	});

	test.for([
		['the first', ['', 'a']],
		['one amid others', ['a', '', '', 'b']],
		['the last', ['a', '']],
		['every one', ['', '', '']]
	] as const)('of which fragments are empty: %s', async ([, parts]) => {
		await using socket = await scene.open();
		socket.write(...fragments('text', parts));
		expect(String(await socket.payload('text'))).toBe(parts.join(''));
	});

	test('that is split amid its characters', async () => {
		const text = 'gr\u00fc\u00dfe \u20ac \u{1f44b}';
		await using socket = await scene.open();
		socket.write(
			...fragments(
				'text',
				[...Buffer.from(text)].map((byte) => Uint8Array.of(byte))
			)
		);
		expect(String(await socket.payload('text'))).toBe(text);
	});

	test('of text at the edges of Unicode', async () => {
		const text = '\ufeff\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffe\uffff\u{10000}\u{10ffff}';
		await using socket = await scene.open();
		socket.write(frame({ payload: text }));
		expect(String(await socket.payload('text'))).toBe(text);
	});

	test('that arrive byte by byte', async () => {
		await using socket = await scene.open();
		const bytes = Buffer.concat([
			...fragments('text', ['\u20ac', 'x'.repeat(126)]),
			frame({ opcode: 'ping', payload: 'ping' }),
			frame({ opcode: 'binary', payload: 'x', lengthBits: 64 })
		]);
		for (const byte of bytes) {
			socket.write(Uint8Array.of(byte));
			// what is asked after the byte is answered after it
			await scene.echoes();
		}
		expect(String(await socket.payload('text'))).toBe(`\u20ac${'x'.repeat(126)}`);
		expect(String(await socket.payload('pong'))).toBe('ping');
		expect(String(await socket.payload('binary'))).toBe('x');
	});

	test('of which many come in one packet', async () => {
		await using socket = await scene.open();
		const indices = Array.from({ length: 200 }, (_, index) => index);
		socket.write(
			...indices.map((index) =>
				frame({ opcode: index % 10 === 0 ? 'ping' : 'text', payload: String(index) })
			)
		);
		for (const index of indices) {
			const payload = await socket.payload(index % 10 === 0 ? 'pong' : 'text');
			expect(String(payload)).toBe(String(index));
		}
	});

	test.for([
		[0, 2],
		[1, 2],
		[125, 2],
		[126, 4],
		[127, 4],
		[65_535, 4],
		[65_536, 10],
		[512 * 1024, 10]
	] as const)('of %d bytes, sent back below a header of %d', async ([length, headerBytes]) => {
		const payload = Buffer.alloc(length, 'abc');
		await using socket = await scene.open();
		socket.write(frame({ opcode: 'binary', payload }));
		const answer = await socket.next();
		expect(answer).toMatchObject({ isFinal: true, reserved: 0, isMasked: false, headerBytes });
		expect(answer.payload.equals(payload)).toBe(true);
	});

	test.for([
		[0, 16],
		[125, 16],
		[0, 64],
		[125, 64],
		[65_535, 64]
	] as const)(
		'of %d bytes, of which the length is said in %d bits',
		async ([length, lengthBits]) => {
			const payload = Buffer.alloc(length, 'abc');
			await using socket = await scene.open();
			socket.write(frame({ payload, lengthBits }));
			expect((await socket.payload('text')).equals(payload)).toBe(true);
		}
	);
}

function goodControl(scene: Scene): void {
	test.for([0, 1, 125])('a ping of %d bytes gets them back', async (length) => {
		const payload = Buffer.alloc(length, 0xff);
		await using socket = await scene.open();
		socket.write(frame({ opcode: 'ping', payload }));
		expect(await socket.payload('pong')).toEqual(payload);
	});

	test('pings and pongs amid fragments: they are no part of the message', async () => {
		await using socket = await scene.open();
		const [first, second, last] = fragments('text', ['one ', 'two ', 'three']);
		const ping = frame({ opcode: 'ping', payload: 'now' });
		const pong = frame({ opcode: 'pong', payload: 'nobody asked' });
		for (const each of [first, ping, second, pong, ping, last]) if (each) socket.write(each);
		expect(String(await socket.payload('pong'))).toBe('now');
		expect(String(await socket.payload('pong'))).toBe('now');
		expect(String(await socket.payload('text'))).toBe('one two three');
	});

	test('a pong that nobody asked for means nothing', async () => {
		await using socket = await scene.open();
		socket.write(frame({ opcode: 'pong', payload: 'nobody asked' }), frame({ payload: 'next' }));
		expect(String(await socket.payload('text'))).toBe('next');
	});
}

function endings(scene: Scene, breaches: Breach[]): void {
	test.for(breaches)('$name', async ({ rule, offence, bytes }) => {
		await using socket = await scene.open();
		socket.write(...bytes);
		const outcome = offence && differences[scene.subject.name]?.[offence];
		if (outcome?.message === undefined) {
			const { code } = await socket.ending();
			expect(code).toBe(outcome?.code ?? scene.subject.endings[rule]);
			await scene.closed(socket, `${outcome?.hook ?? 1006} `);
		} else {
			expect(String((await socket.next()).payload)).toBe(outcome.message);
			socket.write(frame({ payload: 'goes on' }));
			expect(String(await socket.payload('text'))).toBe('goes on');
		}
		await socket[Symbol.asyncDispose]();
		await scene.isIntact();
	});
}

function closing(scene: Scene): void {
	const unknown = differences[scene.subject.name]?.['a code from 1012 to 3999'];

	test.for(goodCodes)('with %d', async (code) => {
		await using socket = await scene.open();
		socket.write(closeFrame(code, 'gr\u00fc\u00df dich'));
		const ending = await socket.ending();
		if (unknown && code > 1011 && code < 4000) {
			expect(ending).toMatchObject({ code: unknown.code, reason: '', frames: [] });
			await scene.closed(socket, `${unknown.hook} `);
		} else {
			expect(ending).toMatchObject({ code, frames: [], trailing: 0 });
			await scene.closed(socket, `${code} gr\u00fc\u00df dich`);
		}
		await scene.isIntact();
	});

	test.for([
		['without a code', closeFrame(), 1005, ''],
		['with a code and no reason', closeFrame(4001), 4001, ''],
		['with the longest reason', closeFrame(1000, 'x'.repeat(123)), 1000, 'x'.repeat(123)]
	] as const)('%s', async ([, bytes, code, reason]) => {
		await using socket = await scene.open();
		socket.write(bytes);
		expect(await socket.ending()).toMatchObject({ code, frames: [], trailing: 0 });
		await scene.closed(socket, `${code} ${reason}`);
		await scene.isIntact();
	});

	test('amid the fragments of a message, which nobody gets', async () => {
		await using socket = await scene.open();
		socket.write(start, closeFrame(1000));
		expect(await socket.ending()).toMatchObject({ code: 1000, frames: [] });
		await scene.closed(socket, '1000 ');
	});

	test.for([
		['the client has closed', closeFrame(4002, 'bye'), 4002],
		['the server has closed', frame({ payload: '["close",4002,"bye"]' }), 4002],
		['the server has cut', frame({ payload: '["terminate"]' }), 1006],
		['the client has broken the rules', frame({ reserved: 2 }), scene.subject.endings.protocolError]
	] as const)('are not followed by anything once %s', async ([, bytes, code]) => {
		await using listener = await scene.app.open('/commands');
		const topic = scene.app.tag();
		listener.send(`["subscribe","${topic}"]`);
		await listener.message();
		await using socket = await scene.open('/commands');
		socket.write(
			bytes,
			frame({ payload: `["publish","${topic}","too late"]` }),
			frame({ opcode: 'ping', payload: 'too late' }),
			// where the server has closed, this is the answer that it waits for
			closeFrame(4003),
			frame({ payload: 'x', reserved: 4 })
		);
		expect(await socket.ending()).toMatchObject({ code, frames: [], trailing: 0 });
		await expect.poll(() => scene.app.journal(socket.tag)).toHaveLength(3);
		listener.send('["publishAll","' + topic + '","in time"]');
		expect(await listener.message()).toBe('in time');
		await scene.isIntact(2);
	});
}

function badClients(scene: Scene): void {
	test('that never closes its end of the connection', async () => {
		const ways = [
			['/echo', closeFrame(4001, 'bye'), 4001, 'close 4001 bye'],
			['/echo', frame({ opcode: 3 }), scene.subject.endings.protocolError, 'close 1006 '],
			// what the client has answered, or what the server has said
			['/commands', frame({ payload: '["close",4000,"bye"]' }), 4000, /^close (1006 |4000 bye)$/]
		] as const;
		await Promise.all(
			ways.map(async ([path, bytes, code, line]) => {
				await using socket = await scene.open(path);
				socket.keepOpen();
				socket.write(bytes);
				expect((await socket.ended()).code).toBe(code);
				await expect.poll(() => scene.app.journal(socket.tag)).toHaveLength(3);
				expect((await scene.app.journal(socket.tag))[2]).toMatch(line);
			})
		);
		await scene.isIntact();
	});

	test.for([
		['without a word', []],
		['after a message', [frame({ payload: 'last words' })]],
		['amid a message', [start]],
		['amid a frame', [frame({ payload: 'x'.repeat(1000) }).subarray(0, 500)]],
		['amid the header of a frame', [frame({ payload: 'x'.repeat(1000) }).subarray(0, 3)]]
	] as const)('that closes its end of the connection %s', async ([, bytes]) => {
		await using socket = await scene.open();
		socket.keepOpen();
		socket.connection.socket.end(Buffer.concat(bytes));
		expect((await socket.ended()).code).toBe(1006);
		await scene.closed(socket, '1006 ');
		await scene.isIntact();
	});

	test.for([
		['without a word', []],
		['amid a message', [start]],
		['amid a frame', [frame({ payload: 'x'.repeat(1000) }).subarray(0, 500)]]
	] as const)('that resets the connection %s', async ([, bytes]) => {
		const socket = await scene.open();
		socket.write(...bytes);
		await scene.echoes();
		socket.connection.socket.resetAndDestroy();
		await scene.closed(socket, '1006 ');
		await scene.isIntact();
	});
}

function floods(scene: Scene): void {
	const count = 20_000;

	test('pings, one after another, are all answered', async () => {
		await using socket = await scene.open();
		for (let index = 0; index < 1000; index += 1) {
			socket.write(frame({ opcode: 'ping', payload: String(index) }));
			expect(String(await socket.payload('pong'))).toBe(String(index));
		}
	});

	test('pings, all at once, are all answered in order, or the socket ends', async () => {
		await using socket = await scene.open();
		const payloads = Array.from({ length: count }, (_, index) => String(index));
		socket.write(...payloads.map((payload) => frame({ opcode: 'ping', payload })));
		await scene.echoes();
		const answers: string[] = [];
		while (answers.length < count) {
			// rejects when the socket has ended
			const answer = await socket.payload('pong').catch(() => undefined);
			if (answer === undefined) break;
			answers.push(String(answer));
		}
		expect(answers).toEqual(payloads.slice(0, answers.length));
		if (answers.length < count) await scene.closed(socket, '1006 ');
		else expect(await scene.app.journal(socket.tag)).toHaveLength(2);
		await socket[Symbol.asyncDispose]();
		await scene.isIntact();
	});

	test('empty fragments make one message, or end the socket', async () => {
		await using socket = await scene.open();
		socket.write(...fragments('text', ['a', ...Array.from({ length: count }, () => ''), 'z']));
		await scene.echoes();
		const { opcode, payload } = await socket.next();
		if (opcode === opcodes.close) {
			expect(payload).toEqual(Buffer.of(1008 >> 8, 1008 & 255));
			await scene.closed(socket, '1006 ');
		} else expect(String(payload)).toBe('az');
		await socket[Symbol.asyncDispose]();
		await scene.isIntact();
	});

	test.runIf(scene.subject.isProduction)(
		'pings of a client that reads nothing take no memory, and nobody else\u2019s time',
		async () => {
			const before = await scene.memory();
			await using socket = await scene.open();
			const { connection } = socket;
			connection.socket.pause();
			const ping = frame({ opcode: 'ping', payload: 'x'.repeat(125) });
			const pings = Buffer.concat(Array.from({ length: 1000 }, () => ping));
			for (let sent = 0; sent < 64e6 && !connection.socket.destroyed; sent += pings.byteLength) {
				if (connection.socket.write(pings)) continue;
				await Promise.race([once(connection.socket, 'drain').catch(() => {}), connection.closed()]);
			}
			await scene.echoes();
			expect((await scene.memory()) - before).toBeLessThan(24e6);
			await socket[Symbol.asyncDispose]();
			await scene.isIntact();
		}
	);
}

/** An app, and a socket of it that nothing must ever happen to. */
class Scene {
	readonly subject: Subject;
	readonly app: App;
	readonly #base: string;
	#bystander: Client | undefined;
	#echoes = 0;

	constructor(subject: Subject, variant: 'default' | 'base' = 'default') {
		this.subject = subject;
		this.#base = variant === 'base' ? '/base' : '';
		this.app = new App(subject, variant);
		beforeAll(async () => {
			const path = `${this.#base}/echo`;
			// what a development server has to compile first may take longer than an upgrade may
			await vi.waitUntil(async () => (await this.app.upgrade(path)).status === 101, 10_000);
			this.#bystander = await this.app.open(path);
		});
		afterAll(() => this.#bystander?.[Symbol.asyncDispose]());
	}

	open(path = '/echo'): Promise<FrameSocket> {
		return FrameSocket.open(this.app, this.#base + path, this.app.tag());
	}

	/** The app was told of the end of a socket of `/echo`, once. */
	async closed({ tag }: FrameSocket, details: string): Promise<void> {
		const entered = this.#base === '' ? ['handle /echo'] : [];
		await this.app.noted(tag, [...entered, 'open', `close ${details}`], this.#base);
	}

	/** The bystander is served. */
	async echoes(): Promise<void> {
		if (this.#bystander === undefined) throw new Error('Nobody stands by yet');
		this.#echoes += 1;
		this.#bystander.send(`echo ${this.#echoes}`);
		expect(await this.#bystander.message()).toBe(`echo ${this.#echoes}`);
	}

	/** The bystander is served, and nobody else is left. */
	async isIntact(size = 1): Promise<void> {
		await this.echoes();
		await expect
			.poll(async () => (await this.app.json<{ size: number }>(`${this.#base}/registry`)).size)
			.toBe(size);
		expect(this.app.running.isRunning).toBe(true);
	}

	/** Bytes of the server's process. */
	async memory(): Promise<number> {
		return (await this.app.json<{ rss: number }>('/memory')).rss;
	}
}
