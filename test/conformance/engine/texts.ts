import { describe, expect, it } from 'vitest';
import { RawConnection, rawRequest, values } from '../../support/raw.ts';
import { listen, type Subject } from './subject.ts';

const get = 'GET / HTTP/1.1\r\nHost: h\r\n\r\n';

/** Texts that engines, runtimes and V8 keep or write in different ways. */
const texts: Record<string, string> = {
	'of nothing': '',
	'of ASCII': '{"message":"hello"}',
	'of latin1': 'gr\u00fc\u00df',
	'that was cut out of a longer one of latin1': 'x gr\u00fc\u00df and goodbye '
		.repeat(9)
		.slice(2, 40),
	'that was put together': ['gr\u00fc\u00df', 'hello', '\u65e5\u672c'].join(' '),
	'with characters of four bytes': '\u{1f600}'.repeat(100),
	'with halves of characters': 'a\ud800b\udc00c\ud800',
	'with line breaks and a zero': 'a\r\n\r\nb\u0000c',
	'about as long as is written at once': '\u00fc'.repeat(7 * 1024),
	'longer in bytes than in characters': '\u65e5'.repeat(16 * 1024),
	'of a megabyte': 'hello gr\u00fc\u00df \u65e5\u672c '.repeat(50_000)
};

/** What an engine must make of an answer that is a text. */
export function textSuite(subject: Subject): void {
	describe(`${subject.name}: texts`, () => {
		it.each(Object.keys(texts))('sends a text %s as UTF-8, with its length', async (name) => {
			const text = texts[name] ?? '';
			const bytes = Buffer.from(text);
			await using server = await answering(text);
			const response = await rawRequest(server.port, get);
			expect(values(response, 'content-length')).toEqual([String(bytes.byteLength)]);
			expect(response.body.equals(bytes)).toBe(true);
		});

		it('keeps headers of latin1 as they are, and adds no type', async () => {
			await using server = await answering('gr\u00fc\u00df', [['x-latin', 'caf\u00e9s']]);
			const response = await rawRequest(server.port, get);
			expect(values(response, 'x-latin')).toEqual(['caf\u00e9s']);
			expect(values(response, 'content-type')).toEqual([]);
			expect(response.body.toString()).toBe('gr\u00fc\u00df');
		});

		it('keeps the type that the app names', async () => {
			await using server = await answering('<p>', [['content-type', 'text/html']]);
			expect(values(await rawRequest(server.port, get), 'content-type')).toEqual(['text/html']);
		});

		it('answers HEAD with the length of a text, and without it', async () => {
			await using server = await answering('never sent', [['content-length', '10']]);
			await using connection = await RawConnection.open(server.port);
			for (let count = 0; count < 2; count += 1) {
				connection.write('HEAD / HTTP/1.1\r\nHost: h\r\n\r\n');
				const response = await connection.response({ isHead: true });
				expect(values(response, 'content-length')).toEqual(['10']);
				expect(connection.rest.byteLength).toBe(0);
			}
		});

		it.each([204, 205, 304])('sends no text with status %i', async (status) => {
			await using server = await answering('never sent', [], status);
			expect((await rawRequest(server.port, get)).body.byteLength).toBe(0);
		});

		it('mixes no texts up, however slowly they are taken', async () => {
			let count = 0;
			await using server = await listen(subject, {
				request(exchange) {
					const text = String.fromCharCode(0x4e00 + count++).repeat(700_000);
					void exchange.send({ status: 200, headers: [] }, text);
				}
			});
			const connections = await Promise.all([1, 2, 3].map(() => RawConnection.open(server.port)));
			for (const connection of connections) {
				connection.socket.pause();
				connection.write(get);
			}
			await expect.poll(() => count).toBe(3);
			for (const connection of connections) {
				connection.socket.resume();
				const body = (await connection.response()).body.toString();
				expect(body).toBe((body[0] ?? '').repeat(700_000));
				await connection[Symbol.asyncDispose]();
			}
		});
	});

	const answering = (text: string, headers: [string, string][] = [], status = 200) =>
		listen(subject, { request: (exchange) => void exchange.send({ status, headers }, text) });
}
