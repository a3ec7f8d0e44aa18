import { describe, expect, it } from 'vitest';
import { connectClient, refusal, type Client } from '../../support/client.ts';
import { editableApp } from '../../support/dev-app.ts';

const hook = 'src/websocket.ts';

const echo = (version: string) => `export const websocket = {
	'/echo': { message: (peer: { send(text: string): void }) => peer.send('${version}') }
};`;

async function ask(client: Client): Promise<string> {
	client.send('?');
	return String(await client.message());
}

async function askAnew(url: string): Promise<string> {
	await using client = await connectClient(url);
	return await ask(client);
}

/** What pages get: the socket of Vite's own client. */
async function connectPage(url: string): Promise<Client> {
	const client = await (await fetch(`${url}/@vite/client`)).text();
	const token = /const wsToken = "([^"]+)"/.exec(client)?.[1] ?? '';
	return await connectClient(`${url}/?token=${token}`, { protocols: ['vite-hmr'] });
}

/** The payloads of one type so far. */
function payloads(page: Client, type: string): Record<string, unknown>[] {
	return page.received
		.map((text) => JSON.parse(text) as Record<string, unknown>)
		.filter((payload) => payload['type'] === type);
}

const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;

const said = /cannot be used; sockets go on/g;

describe('a mistake in the hook file', () => {
	it.each([
		{
			what: 'a syntax error',
			content: `\n\n${echo('bad')}\nconst = 1;`,
			says: /websocket\.ts:6:7/
		},
		{
			what: 'what throws while it is evaluated',
			content: `interface Gone {\n\tcount: number;\n}\n${echo('bad')}\nthrow new Error('not today');`,
			says: /Error: not today\n +at .*src\/websocket\.ts:7:7/
		},
		{ what: 'a missing export', content: 'export const socket = {};', says: /no usable export/ },
		{
			what: 'an export of another type',
			content: 'export const websocket = 7;',
			says: /\(number\)/
		},
		{ what: 'a bad path', content: `export const websocket = { live: {} };`, says: /"live"/ },
		{
			what: 'a path with an unknown matcher',
			content: `export const websocket = { '/[id=nothing]': {} };`,
			says: /matcher nothing/
		},
		{
			what: 'an import of nothing',
			content: `import './nowhere.ts';\n${echo('bad')}`,
			says: /nowhere\.ts.* in .*src\/websocket\.ts/
		}
	])('that is $what is shown once, and what was there goes on', async ({ content, says }) => {
		await using app = await editableApp({ [hook]: echo('one') });
		await using server = await app.vite('dev');
		await using page = await connectPage(server.url);
		await using client = await connectClient(`${server.url}/echo`);
		expect(await ask(client)).toBe('one');

		await app.write(hook, content);
		await expect.poll(() => payloads(page, 'error')).toHaveLength(1);
		expect(payloads(page, 'error')[0]).toMatchObject({
			err: { message: expect.not.stringContaining('\u001b'), stack: expect.any(String) }
		});
		expect(server.output()).toMatch(says);
		expect(await ask(client)).toBe('one');
		expect(await askAnew(`${server.url}/echo`)).toBe('one');
		await (await fetch(server.url)).text();
		expect(payloads(page, 'update')).toEqual([]);

		await app.write(hook, echo('two'));
		await expect.poll(() => ask(client)).toBe('two');
		expect(await askAnew(`${server.url}/echo`)).toBe('two');
		await expect.poll(() => payloads(page, 'update')).toHaveLength(1);
		expect(payloads(page, 'error')).toHaveLength(1);
		expect(count(server.output(), said)).toBe(1);
	});

	it('is shown where it is in a module that the hook file imports', async () => {
		const importing = `import './deep/first.ts';\n${echo('one')}`;
		await using app = await editableApp({
			[hook]: importing,
			'src/deep/first.ts': `import './second.ts';`,
			'src/deep/second.ts': 'export {};'
		});
		await using server = await app.vite('dev');
		await using page = await connectPage(server.url);
		await using client = await connectClient(`${server.url}/echo`);
		expect(await ask(client)).toBe('one');
		await app.write('src/deep/second.ts', '\n\nconst = 1;');
		await expect.poll(() => payloads(page, 'error')).toHaveLength(1);
		expect(server.output()).toMatch(/second\.ts:3:7/);
		expect(await ask(client)).toBe('one');
		await app.write('src/deep/second.ts', 'export {};');
		await expect.poll(() => payloads(page, 'update')).toHaveLength(1);
		expect(await ask(client)).toBe('one');
	});

	it('is mended by a module that was missing', async () => {
		await using app = await editableApp({ [hook]: echo('one') });
		await using server = await app.vite('dev');
		await using page = await connectPage(server.url);
		await using client = await connectClient(`${server.url}/echo`);
		expect(await ask(client)).toBe('one');
		await app.write(hook, `import './later';\n${echo('two')}`);
		await expect.poll(() => payloads(page, 'error')).toHaveLength(1);
		await app.write('src/later.ts', 'export {};');
		await expect.poll(() => ask(client)).toBe('two');
		await expect.poll(() => payloads(page, 'update')).toHaveLength(1);
	});

	it('is said at the first request where it was there at the start, and may be mended', async () => {
		await using app = await editableApp({ [hook]: `${echo('one')}\nconst = 1;` });
		await using server = await app.vite('dev');
		await using page = await connectPage(server.url);
		expect((await refusal(`${server.url}/echo`)).status).toBe(404);
		await server.printed(/websocket\.ts:4:7/);
		await app.write(hook, echo('two'));
		await expect.poll(() => payloads(page, 'update')).toHaveLength(1);
		expect(await askAnew(`${server.url}/echo`)).toBe('two');
		expect(count(server.output(), said)).toBe(1);
	});
});

describe('a hook that throws', () => {
	/** Lines that are not there any more when it runs. */
	const types = (lines: number) => `interface Gone {\n${'\tfield: string;\n'.repeat(lines - 2)}}\n`;
	const throwing = (lines: number, what: string) =>
		`${types(lines)}export const websocket = {
			'/echo': {
				message() {
					throw new Error('${what}');
				}
			}
		};`;

	it('prints the line of its source, also after an edit that has moved it', async () => {
		await using app = await editableApp({ [hook]: throwing(6, 'first') });
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/echo`);
		client.send('?');
		await server.printed(/Error: first\n +at .*src\/websocket\.ts:10:12/);
		await app.write(hook, throwing(20, 'second'));
		await expect
			.poll(() => {
				client.send('?');
				return server.output();
			})
			.toMatch(/Error: second\n +at .*src\/websocket\.ts:24:12/);
	});

	it('prints the lines of the modules that it calls', async () => {
		const calling = (lines: number) => `${types(lines)}import { fail } from './lib/fail.ts';
			export const websocket = { '/echo': { async message() { await null; fail(); } } };`;
		const failing = (lines: number) =>
			`${types(lines)}export function fail(): never {\n\tthrow new Error('${lines} lines');\n}`;
		await using app = await editableApp({ [hook]: calling(4), 'src/lib/fail.ts': failing(5) });
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/echo`);
		client.send('?');
		await server.printed(
			/Error: 5 lines\n +at fail .*src\/lib\/fail\.ts:7:8\)\n +at .*src\/websocket\.ts:6:/
		);
		await app.write('src/lib/fail.ts', failing(30));
		await expect
			.poll(() => {
				client.send('?');
				return server.output();
			})
			.toMatch(
				/Error: 30 lines\n +at fail .*src\/lib\/fail\.ts:32:8\)\n +at .*src\/websocket\.ts:6:/
			);
	});
});
