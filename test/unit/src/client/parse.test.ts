import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../../src/client/core/connection.ts';
import type { ConnectionOptions } from '../../../../src/client/core/types.ts';
import { ScriptedPage } from './page.ts';

const Message = v.object({ text: v.pipe(v.string(), v.trim()), at: v.optional(v.number(), 0) });

let page: ScriptedPage;

beforeEach(() => {
	vi.useFakeTimers();
	page = new ScriptedPage();
});

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

async function received(connection: Connection<unknown>, ...data: string[]): Promise<void> {
	connection.open();
	const socket = await page.socket(1);
	socket.accept();
	for (const each of data) socket.receive(each);
	await vi.advanceTimersByTimeAsync(1000);
}

describe('a schema', () => {
	it('makes messages of what arrives, and types them', async () => {
		const connection = new Connection(page, '/chat', { parse: Message });
		const texts: string[] = [];
		connection.on('message', ({ text, at }) => texts.push(text + at.toFixed()));
		await received(connection as Connection<unknown>, '{"text":" hi "}', '{"text":"you","at":1}');
		expect(texts).toEqual(['hi0', 'you1']);
	});

	it('keeps what it refuses out, with a word to whoever listens', async () => {
		const connection = new Connection(page, '/chat', { parse: Message });
		const errors: Error[] = [];
		connection.on('error', (error) => errors.push(error));
		await received(connection as Connection<unknown>, '{"text":1}', 'text', '{"text":"a"}');
		expect(connection.messages).toEqual([{ text: 'a', at: 0 }]);
		expect(connection.state.status).toBe('open');
		expect(errors).toMatchObject([{ code: 'bad_message' }, { code: 'bad_message' }]);
		expect(errors[0]?.message).toContain('Expected string but received 1');
	});

	it('refuses aloud where nobody listens', async () => {
		const log = vi.spyOn(console, 'error').mockImplementation(() => {});
		await received(
			new Connection(page, '/chat', { parse: Message }) as Connection<unknown>,
			'{"text":1}'
		);
		expect(log).toHaveBeenCalledTimes(1);
		expect(log.mock.calls[0]?.[0]).toMatchObject({ code: 'bad_message' });
	});

	it('may take its time: the order stays', async () => {
		const Slow = v.pipeAsync(
			v.number(),
			v.checkAsync(async (delay) => {
				await new Promise((resolve) => setTimeout(resolve, delay));
				return delay !== 30;
			})
		);
		const connection = new Connection(page, '/chat', { parse: Slow });
		const refused = vi.fn();
		connection.on('error', refused);
		await received(connection as Connection<unknown>, '50', '30', '1', 'text');
		expect(connection.messages).toEqual([50, 1]);
		expect(refused).toHaveBeenCalledTimes(2);
	});

	it('that takes its time has nothing to say about where the connection was before', async () => {
		const Slow = v.pipeAsync(
			v.number(),
			v.checkAsync((delay) => new Promise((resolve) => setTimeout(resolve, delay, true)))
		);
		const connection = new Connection(page, '/chat', { parse: Slow });
		const message = vi.fn();
		connection.on('message', message);
		connection.on('error', message);
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		socket.receive('50');
		socket.receive('"text"');
		connection.moveTo('/other');
		await vi.advanceTimersByTimeAsync(1000);
		expect(message).not.toHaveBeenCalled();
		expect(connection.messages).toEqual([]);
	});

	it('that breaks refuses the message', async () => {
		const Broken = v.pipe(
			v.unknown(),
			v.check(() => {
				throw new Error('The schema broke');
			})
		);
		const connection = new Connection(page, '/chat', { parse: Broken });
		const refused = vi.fn();
		connection.on('error', refused);
		await received(connection as Connection<unknown>, '1');
		expect(refused.mock.calls[0]?.[0]).toMatchObject({
			code: 'bad_message',
			cause: { message: 'The schema broke' }
		});
	});
});

describe('a text', () => {
	const texts = ['1.10', '12345678901234567890', 'null', '{"a":1.10}', 'words', ''];

	async function made(options: ConnectionOptions<unknown>, ...data: string[]) {
		const connection = new Connection(page, '/chat', options);
		const refused = vi.fn();
		connection.on('error', refused);
		await received(connection, ...data);
		return { messages: connection.messages, refused };
	}

	it.each([undefined, 'json'] as const)(
		'that is JSON becomes what it stands for: %s',
		async (decode) => {
			const { messages } = await made({ decode }, ...texts);
			expect(messages).toEqual([
				1.1,
				Number('12345678901234567890'),
				null,
				{ a: 1.1 },
				'words',
				''
			]);
		}
	);

	it('stays as it is where it is to be text', async () => {
		expect((await made({ decode: 'text' }, ...texts)).messages).toEqual(texts);
	});

	it('becomes what a function makes of it, before the schema sees it', async () => {
		const parse = v.pipe(v.array(v.string()), v.minLength(2));
		const decode = (text: string) => text.split(' ');
		const { messages, refused } = await made({ decode, parse }, 'one', 'one two');
		expect(messages).toEqual([['one', 'two']]);
		expect(refused).toHaveBeenCalledTimes(1);
	});

	it('may wait for the function: the order stays', async () => {
		const decode = async (text: string) => {
			await new Promise((resolve) => setTimeout(resolve, Number(text)));
			if (text === '20') throw new Error('The function broke');
			return text;
		};
		const { messages, refused } = await made({ decode, parse: v.string() }, '30', '20', '10');
		expect(messages).toEqual(['30', '10']);
		expect(refused.mock.calls[0]?.[0]).toMatchObject({
			code: 'bad_message',
			cause: { message: 'The function broke' }
		});
	});

	it('that a function cannot read is refused, and the connection stays', async () => {
		const { messages, refused } = await made({ decode: JSON.parse }, '{', '1');
		expect(messages).toEqual([1]);
		expect(refused.mock.calls[0]?.[0]).toMatchObject({
			code: 'bad_message',
			cause: { name: 'SyntaxError' }
		});
	});

	it('is nothing that binary data is', async () => {
		const decode = vi.fn();
		const connection = new Connection(page, '/chat', { decode });
		connection.open();
		const socket = await page.socket(1);
		socket.accept();
		const bytes = new Uint8Array([49]).buffer;
		socket.receive(bytes);
		expect(connection.messages).toEqual([bytes]);
		expect(decode).not.toHaveBeenCalled();
	});
});
