import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient } from '../support/client.ts';
import {
	ask,
	kinds,
	open,
	reader,
	runServers,
	type Answered,
	type CustomServers
} from './custom-server.ts';

const gzip = { headers: { 'accept-encoding': 'gzip' } };
const json = { 'content-type': 'application/json' };

/** What middleware changes on its way, and what belongs to the connection. */
const changing = new Set([
	'connection',
	'content-encoding',
	'content-length',
	'date',
	'keep-alive',
	'set-cookie',
	'transfer-encoding',
	'vary',
	'x-frame-options',
	'x-powered-by'
]);

/** The headers that have to be there whatever stands in front. */
const own = ({ headers }: Answered) =>
	Object.fromEntries(Object.entries(headers).filter(([name]) => !changing.has(name)));

const cookieNames = ({ headers }: Answered) =>
	(headers['set-cookie'] ?? []).map((each) => each.split('=', 1)[0]);

/** Requests whose answers have to be the same with middleware as without. */
const requests: [path: string, method?: string, body?: string][] = [
	['/'],
	['/', 'HEAD'],
	['/pre'],
	['/pre', 'POST'],
	['/numbers.txt'],
	['/numbers.txt', 'HEAD'],
	['/cookies'],
	['/none'],
	['/status/404'],
	['/status/418', 'HEAD'],
	['/nowhere'],
	['/fail'],
	['/echo', 'POST', 'what was said'],
	['/ignore', 'POST', 'not heard']
];

/** What each has to add to every answer, or to those with a body. */
const additions: Record<string, (answer: Answered, path: string) => void> = {
	'': () => {},
	compression: ({ headers }, path) => {
		if (path === '/' || path === '/numbers.txt')
			expect(headers['vary']).toMatch(/accept-encoding/i);
	},
	'@polka/compression': () => {},
	'cookie-session,a visitor': (answer) =>
		expect(cookieNames(answer)).toEqual(
			expect.arrayContaining(['cookie-session', 'cookie-session.sig'])
		),
	'express-session': (answer) => expect(cookieNames(answer)).toContain('connect.sid'),
	helmet: ({ headers }) =>
		expect(headers['content-security-policy']).toContain("default-src 'self'"),
	morgan: () => {},
	'response-time': ({ headers }) => expect(headers['x-response-time']).toMatch(/^[\d.]+ms$/),
	'morgan,response-time,helmet,compression,express-session': ({ headers }) =>
		expect(headers['x-response-time']).toMatch(/^[\d.]+ms$/)
};

const compressing = (middleware: string) => middleware.includes('compression');

let plain: CustomServers;

beforeAll(async () => {
	plain = await runServers();
});

afterAll(() => plain[Symbol.asyncDispose]());

describe.each(Object.entries(additions))('behind middleware: %s', (middleware, expectAddition) => {
	let servers: CustomServers;

	beforeAll(async () => {
		servers = await runServers(...middleware.split(','));
	});

	afterAll(() => servers[Symbol.asyncDispose]());

	test.each(kinds)('%s answers as without it', async (kind) => {
		for (const [path, method, body] of requests) {
			const name = `${method ?? 'GET'} ${path}`;
			const headers = { ...gzip.headers, ...(body && { 'content-type': 'text/plain' }) };
			const expected = await ask(plain.ports[kind], path, { method, headers, body });
			const answer = await ask(servers.ports[kind], path, { method, headers, body });
			expect([name, answer.status, answer.message]).toEqual([
				name,
				expected.status,
				expected.message
			]);
			expect([name, answer.body]).toEqual([name, expected.body]);
			expect(own(answer), name).toMatchObject(own(expected));
			expect(cookieNames(answer), name).toEqual(expect.arrayContaining(cookieNames(expected)));
			expectAddition(answer, path);
		}
	});

	test.each(kinds)('%s sends the length that the body has', async (kind) => {
		for (const path of ['/', '/numbers.txt', '/pre', '/cookies']) {
			const response = await open(servers.ports[kind], path, gzip);
			let length = 0;
			for await (const chunk of response) length += (chunk as Buffer).byteLength;
			const { 'content-length': declared, 'content-encoding': encoding } = response.headers;
			if (declared !== undefined) expect([path, Number(declared)]).toEqual([path, length]);
			const isLarge = path !== '/cookies';
			expect([path, encoding]).toEqual([
				path,
				compressing(middleware) && isLarge ? 'gzip' : undefined
			]);
		}
	});

	test.each(kinds)('%s answers 304 to who has the file', async (kind) => {
		const { etag } = (await ask(servers.ports[kind], '/numbers.txt')).headers;
		const headers = { ...gzip.headers, 'if-none-match': etag };
		for (const method of ['GET', 'HEAD']) {
			const answer = await ask(servers.ports[kind], '/numbers.txt', { method, headers });
			expect(answer).toMatchObject({ status: 304, headers: { etag }, body: '' });
		}
	});

	test.each(kinds)('%s lets a stream out as it comes', async (kind) => {
		for (const path of ['/stream', '/events']) {
			const key = `?${path}-${kind.replace(' ', '')}`;
			const response = await open(servers.ports[kind], path + key, gzip);
			const says = reader(response);
			// What @polka/compression has compressed comes at the end.
			if (path === '/events' || middleware !== '@polka/compression') {
				await expect.poll(() => says('first')).toBe(true);
				expect(says('second')).toBe(false);
			}
			await ask(servers.ports[kind], `/release${key}`, { method: 'POST', headers: json });
			await expect.poll(() => says('second')).toBe(true);
		}
	});

	test.each(kinds)('%s tells the app of a client that leaves', async (kind) => {
		const key = `?left-${kind.replace(' ', '')}`;
		const response = await open(servers.ports[kind], `/stream${key}`, gzip);
		response.on('error', () => {});
		response.destroy();
		await servers.printed(new RegExp(`cancelled: \\?left-${kind.replace(' ', '')}`));
	});

	test.each(kinds)('%s opens sockets', async (kind) => {
		await using client = await connectClient(`http://127.0.0.1:${servers.ports[kind]}/echo`);
		client.send('hi');
		expect(await client.message()).toBe('/echo hi');
		await ask(servers.ports[kind], '/news?text=out', { method: 'POST', headers: json });
		expect(await client.message()).toBe('out');
	});
});

/** Every test of the group asks the same servers. */
function behind(...middleware: string[]): () => CustomServers {
	let servers: CustomServers;
	beforeAll(async () => {
		servers = await runServers(...middleware);
	});
	afterAll(() => servers[Symbol.asyncDispose]());
	return () => servers;
}

describe('behind middleware that sets headers before', () => {
	const servers = behind('headers of its own', 'helmet');

	test.each(kinds)('%s keeps them, but for what the app says itself', async (kind) => {
		const port = servers().ports[kind];
		const page = await ask(port, '/cookies');
		expect(page.headers).toMatchObject({
			'x-mine': 'mine',
			'x-app': 'mine',
			'x-content-type-options': 'nosniff',
			'x-frame-options': 'DENY'
		});
		expect(page.headers['vary']?.split(', ')).toEqual(['Origin', 'Cookie']);
		expect(cookieNames(page)).toEqual(['mine', 'more', 'first', 'second']);
		expect((await ask(port, '/none')).headers).toMatchObject({ 'x-mine': 'mine', 'x-app': 'yes' });
	});
});

describe('behind middleware that leaves something on the request', () => {
	const servers = behind('a visitor');

	test.each(kinds)('%s shows it to the app', async (kind) => {
		const { body } = await ask(servers().ports[kind], '/platform');
		const locals = kind.startsWith('express') ? { locals: { name: 'Grace' } } : {};
		expect(JSON.parse(body)).toEqual({ user: 'Ada', ...locals });
	});
});

describe('behind middleware that reads bodies', () => {
	const servers = behind('json', 'urlencoded', 'multer');

	const read: [type: string, body: string, path: string][] = [
		['application/json', '{"a":1}', '/echo'],
		['application/x-www-form-urlencoded', 'a=1', '/form'],
		[
			'multipart/form-data; boundary=x',
			'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
			'/form'
		]
	];

	test.each(kinds)('%s fails at once where the app wants one, and says so', async (kind) => {
		const port = servers().ports[kind];
		for (const [type, body, path] of read) {
			const post = { method: 'POST', headers: { 'content-type': type }, body };
			expect([type, (await ask(port, path, post)).status]).toEqual([type, 500]);
			expect([type, (await ask(port, '/ignore', post)).body]).toEqual([type, 'not read']);
		}
		expect(servers().output()).toContain(
			'[svelte-adapter-ws] The body of a request was read before the request came to the app (POST /echo). Mount'
		);
	});

	test.each(kinds)('%s serves what has no body, or one that was left alone', async (kind) => {
		const port = servers().ports[kind];
		const text = { 'content-type': 'text/plain' };
		const answer = await ask(port, '/echo', { method: 'POST', headers: text, body: 'left alone' });
		expect(answer.body).toBe('left alone');
		for (const headers of [json, { ...json, 'content-length': '0' }]) {
			expect(await ask(port, '/echo', { method: 'POST', headers })).toMatchObject({
				status: 200,
				body: ''
			});
		}
		expect((await ask(port, '/', { headers: json })).status).toBe(200);
	});
});

describe('behind middleware that takes its time', () => {
	const servers = behind('a pause');

	test.each(kinds)('%s reads a body that was only paused', async (kind) => {
		const body = 'x'.repeat(300_000);
		const headers = { 'content-type': 'text/plain' };
		const answer = await ask(servers().ports[kind], '/echo', { method: 'POST', headers, body });
		expect(answer.body).toBe(body);
	});
});

describe('behind middleware that answers and goes on', () => {
	const servers = behind('an answer of its own');

	test.each(kinds)('%s leaves the answer alone', async (kind) => {
		const port = servers().ports[kind];
		expect(await ask(port, '/')).toMatchObject({ status: 200, body: 'answered' });
		expect((await ask(port, '/pre')).status).toBe(200);
	});

	test('it is said that somebody has answered before', () => {
		expect(servers().output()).toContain(
			'[svelte-adapter-ws] GET / failed (Error: Cannot set headers'
		);
	});
});

describe('behind middleware that ends answers which take too long', () => {
	const servers = behind('a timeout');

	test.each(kinds)('%s tells the app, and goes on', async (kind) => {
		const port = servers().ports[kind];
		const key = `?late-${kind.replace(' ', '')}`;
		// a stream that has begun, and an answer that has not
		const stream = await open(port, `/stream${key}`);
		expect((await ask(port, `/slow${key}`)).body).toBe('');
		for await (const _ of stream);
		await servers().printed(new RegExp(`cancelled: \\?late-${kind.replace(' ', '')}`));
		await ask(port, `/release${key}`, { method: 'POST', headers: json });
		expect((await ask(port, '/pre')).status).toBe(200);
	});
});
