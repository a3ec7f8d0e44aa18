import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Major } from '../../comparison/majors.ts';
import { Server } from '../../comparison/servers.ts';

/** Uses whose answers quote the headers and the body of the request. */
const telling = [
	'is described',
	'is cloned',
	'is cloned, and both read at once',
	'makes a copy with headers',
	'is behind a proxy that binds',
	'makes one of a subclass',
	'is given to the fetch of the event as a copy'
];

const total = 280;
const atOnce = 28;

/** Many requests at the same time, some of which are given up. */
export function mixingSuite(major: Major): void {
	describe.for(major.subjects)('many requests at once on $name', (subject) => {
		let server: Server;
		beforeAll(async () => {
			server = await Server.start(major, 'ws', 'default', subject);
		});
		afterAll(() => server[Symbol.asyncDispose]());

		test('see nothing of each other', async () => {
			const numbers = Array.from({ length: total }, (_, index) => index);
			const wrong: string[] = [];
			const work = async () => {
				for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
					const marks = await marksOf(server.port, number);
					if (marks.some((mark) => mark !== String(number))) wrong.push(`${number}: ${marks}`);
				}
			};
			await Promise.all(Array.from({ length: atOnce }, work));
			expect(wrong).toEqual([]);
			expect(server.isRunning).toBe(true);
		});
	});
}

/** Whose marks the answer to a request has. A client that leaves has none. */
async function marksOf(port: number, number: number): Promise<string[]> {
	const use = telling[number % telling.length] ?? '';
	const body = `body-${number} ${'x'.repeat((number * 997) % 20_000)}`;
	const isChunked = number % 3 === 0;
	const isLeft = number % 10 === 9;
	const leaving = new AbortController();
	const answer = fetch(`http://127.0.0.1:${port}/request/${encodeURIComponent(use)}`, {
		method: 'POST',
		body: isChunked ? new Blob([body]).stream() : body,
		headers: { 'content-type': 'application/json', 'x-mark': `head-${number}` },
		signal: leaving.signal,
		duplex: 'half'
	});
	if (isLeft) setImmediate(() => leaving.abort());
	const text = await answer.then((response) => response.text()).catch((error: Error) => error.name);
	const marks = [...text.matchAll(/(?:body|head)-(\d+)/g)].map(([, mark]) => mark ?? '');
	if (marks.length === 0 && !(isLeft && text === 'AbortError')) return [text];
	return marks;
}
