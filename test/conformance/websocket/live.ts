import { describe, expect, test } from 'vitest';
import {
	asks,
	bodyWindow,
	cookiesHeader,
	liveFrame,
	livePath,
	liveProtocol,
	maxAsk,
	maxLiveQueries
} from '../../../src/shared/live.ts';
import { LiveClient, remotePath } from '../../support/live.ts';
import { SlowLine } from '../../support/slow-line.ts';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

const file = 'src/lib/live.remote.ts';
const counted = (count: number) => remotePath(file, 'counted', count);
const watched = (topic: string) => remotePath(file, 'watched', topic);
const large = (size: number) => remotePath(file, 'large', size);
const failing = (count: number) => remotePath(file, 'failing', count);

/** What a server says of its own accord, or of the connection. */
const ofServers = [
	'connection',
	'content-encoding',
	'content-length',
	'date',
	'keep-alive',
	'transfer-encoding',
	'vary',
	'x-accel-buffering'
];

function comparable(headers: Iterable<[string, string]>): Record<string, string> {
	return Object.fromEntries([...headers].filter(([name]) => !ofServers.includes(name)));
}

/** Live queries of SvelteKit over one socket. */
export function liveSuite(subject: Subject): void {
	answersSuite(subject);
	endsSuite(subject);
	sharingSuite(subject);
	hostileSuite(subject);
	variantsSuite(subject);
	if (!subject.isProduction) return;
	shutdownSuite(subject);
	slowLineSuite(subject);
	workersSuite(subject);
}

/** What the tests ask an app. */
class Scene extends App {
	live(headers: Record<string, string> = {}): Promise<LiveClient> {
		return LiveClient.open(this.running.url, {
			headers: { 'x-forwarded-proto': 'http', ...headers }
		});
	}

	ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
		return fetch(this.running.url + path, {
			headers: { 'x-forwarded-proto': 'http', accept: 'text/event-stream', ...headers },
			redirect: 'manual'
		});
	}
}

function answersSuite(subject: Subject): void {
	describe(`${subject.name}: live queries over one socket`, () => {
		const app = new Scene(subject);

		test.for([
			['a stream', counted(3), ''],
			['an error before the first value', failing(0), ''],
			['an accident after some values', failing(2), ''],
			['an unknown function', remotePath(file, 'nobody'), ''],
			['an unknown file', '/_app/remote/abc/nobody', ''],
			['a query that is no live one', remotePath(file, 'plain'), ''],
			['an error of handle', counted(1), 'verdict=signed%20out'],
			['an answer of handle', counted(1), 'verdict=to%20pay'],
			['a redirect of handle', counted(1), 'verdict=moved'],
			['an accident in handle', counted(1), 'verdict=handle%20throws'],
			['an answer that leads elsewhere', counted(1), 'verdict=sent%20away'],
			['an answer without a body', counted(1), 'verdict=empty']
		] as const)('are answered as over HTTP: %s', async ([, path, cookie]) => {
			await using live = await app.live({ cookie });
			const answer = live.get(path);
			expect(await answer.ended).toBe('end');
			const over = await app.ask(path, { cookie });
			const head = await answer.head;
			expect(head.status).toBe(over.status);
			expect(head.statusText).toBe(over.statusText);
			expect(comparable(head.headers)).toEqual(comparable(over.headers));
			expect(answer.body).toBe(await over.text());
		});

		test('are requests as a fetch would make them', async () => {
			const own = { cookie: 'user=ada', 'user-agent': 'test', 'accept-language': 'de' };
			const origin = app.running.url;
			await using live = await app.live({ ...own, origin, pragma: 'no-cache', 'x-other': 'yes' });
			const topic = app.tag();
			const answer = live.get(watched(topic), [
				['accept', 'text/event-stream'],
				['traceparent', '00-ab-cd-01']
			]);
			await answer.has('\n\n');
			expect(seen(answer.body)).toEqual({
				user: 'ada',
				session: 'ada',
				scope: 'ada',
				address: '127.0.0.1',
				isRemoteRequest: true,
				headers: {
					accept: 'text/event-stream',
					'accept-language': 'de',
					cookie: 'user=ada',
					host: `127.0.0.1:${app.port}`,
					'sec-fetch-dest': 'empty',
					'sec-fetch-mode': 'cors',
					'sec-fetch-site': 'same-origin',
					traceparent: '00-ab-cd-01',
					'user-agent': 'test',
					'x-forwarded-proto': 'http',
					'x-other': 'yes'
				}
			});
		});

		test('each belong to whoever has opened the socket', async () => {
			await using ada = await app.live({ cookie: 'user=ada' });
			await using bob = await app.live({ cookie: 'user=bob' });
			const topics = [app.tag(), app.tag(), app.tag(), app.tag()];
			const answers = topics.map((topic, index) => (index % 2 ? ada : bob).get(watched(topic)));
			await Promise.all(answers.map((answer) => answer.has('\n\n')));
			expect(answers.map(({ body }) => seen(body)['session'])).toEqual([
				'bob',
				'ada',
				'bob',
				'ada'
			]);
		});

		test('that are answered in a way which only HTTP can read are declined', async () => {
			await using live = await app.live({ cookie: 'verdict=packed' });
			expect(await live.get(counted(1)).ended).toBe('declined');
		});

		test('set their cookies over HTTP, once, for whoever has the key', async () => {
			await using live = await app.live({ cookie: 'verdict=renewed' });
			const answer = live.get(counted(1));
			const { cookies = '', headers } = await answer.head;
			expect(headers.map(([name]) => name)).not.toContain('set-cookie');
			const take = (key: string) => app.ask(livePath, { [cookiesHeader]: key });
			const taken = await take(cookies);
			expect(taken.status).toBe(204);
			expect(taken.headers.getSetCookie()).toEqual(
				(await app.ask(counted(1), { cookie: 'verdict=renewed' })).headers.getSetCookie()
			);
			expect(taken.headers.get('cache-control')).toBe('no-store');
			for (const key of [cookies, '', 'x', cookies.replace(/^./, 'f')]) {
				const again = await take(key);
				expect([again.status, again.headers.getSetCookie()]).toEqual([404, []]);
			}
		});

		test.for([
			['its own page', (url: string) => ({ origin: url }), 101],
			['no browser', () => ({}), 101],
			['another origin', () => ({ origin: 'https://evil.example' }), 403],
			['a trusted origin', () => ({ origin: 'https://trusted.example' }), 403],
			['a page without an origin', () => ({ origin: 'null' }), 403]
		] as const)('are for %s', async ([, headers, status]) => {
			const answer = await app.upgrade(livePath, {
				'sec-websocket-protocol': `other, ${liveProtocol}`,
				...headers(`http://127.0.0.1:${app.port}`)
			});
			expect(answer.status).toBe(status);
			const protocol = new Map(answer.headers).get('sec-websocket-protocol');
			expect(protocol).toBe(status === 101 ? liveProtocol : undefined);
		});

		test.for([
			['another version', { 'sec-websocket-version': '8' }, 426],
			['no key', { 'sec-websocket-key': '' }, 400],
			['no subprotocol', { 'sec-websocket-protocol': '' }, 404],
			['another subprotocol', { 'sec-websocket-protocol': 'live.0.svelte-adapter-ws' }, 404]
		] as const)('want a handshake of theirs: %s', async ([, headers, status]) => {
			const answer = await app.upgrade(livePath, {
				'sec-websocket-protocol': liveProtocol,
				...headers
			});
			expect(answer.status).toBe(status);
		});

		test('are nobody that the app is connected with', async () => {
			const before = await app.registry();
			await using live = await app.live();
			await live.get(counted(1)).ended;
			expect(await app.registry()).toEqual(before);
		});
	});
}

function endsSuite(subject: Subject): void {
	describe(`${subject.name}: the end of live queries over one socket`, () => {
		const app = new Scene(subject);

		test('is told the app when the client does not want them any more, and no other query is touched', async () => {
			await using live = await app.live();
			const topics = [app.tag(), app.tag()] as const;
			const [one, other] = [live.get(watched(topics[0])), live.get(watched(topics[1]))];
			await Promise.all([one.has('\n\n'), other.has('\n\n')]);
			live.cancel(one);
			await expect.poll(() => app.journal(topics[0])).toContain('over');
			expect(await app.journal(topics[0])).toContain('aborted');
			await publish(app, topics[1], 'still here');
			await other.has('still here');
			expect(await app.journal(topics[1])).toEqual([]);
		});

		test.for([
			['leaves', (live: LiveClient) => live.client.close()],
			['is lost', (live: LiveClient) => live.client.ws.terminate()]
		] as const)('is told the app when the client %s', async ([, end]) => {
			await using live = await app.live();
			const topics = [app.tag(), app.tag()];
			await Promise.all(topics.map((topic) => live.get(watched(topic)).has('\n\n')));
			await end(live);
			for (const topic of topics) {
				await expect.poll(() => app.journal(topic)).toContain('over');
				expect(await app.journal(topic)).toContain('aborted');
			}
		});

		test('comes at once to one that is cancelled before it is answered', async () => {
			await using live = await app.live();
			const answer = live.get(counted(100));
			live.cancel(answer);
			const next = live.get(counted(2));
			expect(await next.ended).toBe('end');
			expect(answer.body).not.toContain('[100]');
		});
	});
}

function sharingSuite(subject: Subject): void {
	describe(`${subject.name}: one socket for many live queries`, () => {
		const app = new Scene(subject);

		test('takes as many as it says, and declines the rest until one has ended', async () => {
			await using live = await app.live();
			const topic = app.tag();
			const answers = Array.from({ length: maxLiveQueries + 5 }, () => live.get(watched(topic)));
			const taken = answers.slice(0, maxLiveQueries);
			const rest = answers.slice(maxLiveQueries);
			expect(await Promise.all(rest.map(({ ended }) => ended))).toEqual(rest.map(() => 'declined'));
			await Promise.all(taken.map((answer) => answer.has('\n\n')));
			for (const answer of taken.slice(0, 5)) live.cancel(answer);
			await expect.poll(() => app.journal(topic)).toHaveLength(10);
			expect(await live.get(counted(1)).ended).toBe('end');
		});

		test('carries a large answer whole, and a small one beside it', async () => {
			await using live = await app.live();
			const size = 1_000_000;
			const answer = live.get(large(size));
			const small = live.get(counted(3));
			expect(await small.ended).toBe('end');
			await answer.has('[2]');
			expect(/x+/.exec(answer.body)?.[0]).toHaveLength(size);
		});

		test('sends nobody more than was read, and others all', async () => {
			await using live = await app.live();
			live.reads = false;
			const answer = live.get(large(1_000_000));
			await expect.poll(() => answer.received).toBe(bodyWindow);
			expect(await live.get(counted(2)).ended).toBe('end');
			expect(answer.received).toBe(bodyWindow);
			live.read(answer, bodyWindow);
			await expect.poll(() => answer.received).toBe(2 * bodyWindow);
		});

		test('waits for a client that does not say what has arrived, and for nobody else', async () => {
			await using live = await app.live();
			live.acknowledges = false;
			const answer = live.get(large(1_000_000));
			await expect.poll(() => answer.received).toBe(16 * 1024);
			await using other = await app.live();
			expect(await other.get(counted(2)).ended).toBe('end');
			expect(answer.received).toBe(16 * 1024);
			live.arrived(16 * 1024);
			await expect.poll(() => answer.received).toBeGreaterThan(16 * 1024);
		});
	});
}

function workersSuite(subject: Subject): void {
	describe(`${subject.name}: live queries of several processes`, () => {
		const app = new Scene(subject, 'default', { WORKERS: '2' });

		test('set their cookies through whichever of them is asked', async () => {
			const statuses: number[] = [];
			for (let index = 0; index < 12; index += 1) {
				await using live = await app.live({ cookie: 'verdict=renewed' });
				const { cookies = '' } = await live.get(counted(1)).head;
				// On a connection of its own, which any of them may take.
				const taken = await app.ask(livePath, { [cookiesHeader]: cookies, connection: 'close' });
				statuses.push(taken.status);
				expect(taken.headers.getSetCookie()).toHaveLength(1);
			}
			expect(statuses).toEqual(statuses.map(() => 204));
		});
	});
}

function slowLineSuite(subject: Subject): void {
	describe(`${subject.name}: live queries over a line of 1 Mbit/s`, () => {
		const app = new Scene(subject);
		const rate = 1_000_000;

		test('are answered within 100 ms of what their own bytes take, beside large ones', async () => {
			await using line = await SlowLine.to(app.port, rate);
			await using live = await LiveClient.open(line.url, {
				headers: { 'x-forwarded-proto': 'http' }
			});
			const largest = [live.get(large(1e6)), live.get(large(1e6))];
			// It has been found out by then how fast the line is.
			await expect.poll(() => line.carried).toBeGreaterThan(100_000);
			const waited: number[] = [];
			for (let index = 0; index < 20; index += 1) {
				const before = line.carried;
				const answer = live.get(counted(1));
				expect(await answer.ended).toBe('end');
				waited.push(line.carried - before - answer.received);
			}
			// Bytes are time here, and not all of them: a busy machine may be slow to ask and to answer.
			const [most = Infinity] = waited.toSorted((one, other) => one - other).slice(15);
			expect(most).toBeLessThan((rate / 8) * 0.1 + 500);
			expect(largest.every((answer) => answer.received > 50_000)).toBe(true);
		});
	});
}

function hostileSuite(subject: Subject): void {
	describe(`${subject.name}: live queries of a hostile client`, () => {
		const app = new Scene(subject);

		test.for([
			'/',
			'/echo',
			'/journal?of=x',
			'/_app/remote',
			'/_app/remote/../../journal?of=x',
			'/_app/remote/%2e%2e/%2E%2E/journal?of=x',
			'/_app/remote/..\\..\\journal',
			'//127.0.0.1/_app/remote/a/b',
			'http://127.0.0.1/_app/remote/a/b',
			'_app/remote/a/b',
			'/_app/remote/a/b#c',
			'/_app/remote/a/b c',
			'/_app/remote/a/b\r\nx: y',
			'/_app/remote/ä',
			'/other/_app/remote/a/b'
		])('are declined where the path is no remote function: %j', async (path) => {
			await using live = await app.live();
			expect(await live.get(path).ended).toBe('declined');
		});

		test.for([
			[[['x-forwarded-for', '1.2.3.4']]],
			[[['cookie', 'user=ada']]],
			[[['Accept', 'text/html']]],
			[[['accept', 'a\r\ncookie: user=ada']]],
			[[['accept', ' a']]],
			[[['accept', '\u0100']]],
			[[['accept', 'a', 'b']]],
			[[['accept', 1]]],
			[
				[
					['accept', 'a'],
					['accept', 'b']
				]
			],
			[['accept']],
			['accept'],
			[{ accept: 'a' }],
			[1]
		])('are declined where a header is none that a page may add: %j', async ([headers]) => {
			await using live = await app.live();
			expect(await live.get(counted(1), headers as never).ended).toBe('declined');
		});

		test.for([
			['nothing', ''],
			['a letter alone', asks.get],
			['an unknown letter', 'x1'],
			['no number', 'gone,{}'],
			['number 0', liveFrame(asks.get, 0, '{}')],
			['a negative number', liveFrame(asks.get, -1, '{}')],
			['a number with a fraction', liveFrame(asks.get, 1.5, '{}')],
			['a number above 32 bits', liveFrame(asks.get, 2 ** 32, '{}')],
			['a cancelled query that was never there', liveFrame(asks.cancel, 1)],
			['more arrived than was sent', liveFrame(asks.arrived, 1)],
			['something read of a query that was never there', liveFrame(asks.read, 1, 1)],
			['bytes', new Uint8Array([1, 2, 3])],
			['more than fits', 'g1,' + ' '.repeat(maxAsk)]
		] as const)('end the socket with 1008: %s', async ([, frame]) => {
			await using live = await app.live();
			live.client.send(frame);
			expect(await live.client.closed).toMatchObject({ code: 1008 });
		});

		test.for([
			['a number that was used', (live: LiveClient) => live.client.send('g1,{}')],
			['more arrived than was sent', (live: LiveClient) => live.arrived(1e6)],
			['more read than was sent', (live: LiveClient) => live.read({ id: 1 }, 1e6)],
			['nothing read', (live: LiveClient) => live.read({ id: 1 }, 0)]
		] as const)('end the socket with 1008, and its queries: %s', async ([, spoil]) => {
			await using live = await app.live();
			const topic = app.tag();
			await live.get(watched(topic)).has('\n\n');
			spoil(live);
			expect(await live.client.closed).toMatchObject({ code: 1008 });
			await expect.poll(() => app.journal(topic)).toContain('over');
		});

		test.for(['', 'null', '[]', '{', '{}', '{"path":1}', '"/"'])(
			'are declined where they are none: %j',
			async (json) => {
				await using live = await app.live();
				live.client.send(liveFrame(asks.get, 1, json));
				expect(await live.client.message()).toBe('d1');
			}
		);

		test('are answered behind a flood of those that were cancelled', async () => {
			await using live = await app.live();
			for (let index = 0; index < 2000; index += 1) live.cancel(live.get(counted(5)));
			let last = live.get(counted(2));
			// Those that were cancelled may not have ended yet.
			await expect
				.poll(async () => (await last.ended) === 'end' || ((last = live.get(counted(2))), false))
				.toBe(true);
		});
	});
}

function variantsSuite(subject: Subject): void {
	describe(`${subject.name}: live queries of an app that is routed by the hash`, () => {
		const app = new Scene(subject, 'hash');

		test('are answered as over HTTP', async () => {
			await using live = await app.live();
			const answer = live.get(counted(2));
			const over = await app.ask(counted(2));
			expect(await answer.ended).toBe('end');
			expect((await answer.head).status).toBe(over.status);
			expect(answer.body).toBe(await over.text());
		});
	});

	describe(`${subject.name}: live queries of an app whose messages are short`, () => {
		const app = new App(subject, 'base');

		test('come over no socket', async () => {
			const headers = { 'sec-websocket-protocol': liveProtocol };
			const answer = await app.upgrade(`/base${livePath}`, headers);
			expect(answer.status).toBe(404);
		});
	});

	describe(`${subject.name}: live queries of an app whose origin is pinned`, () => {
		const app = new Scene(subject, 'single');
		const own = subject.isProduction ? 'https://app.example' : undefined;

		test.for([
			['its own page', own, 101],
			['an app that may open sockets', 'capacitor://localhost', 403],
			['a page that may open sockets', 'https://friend.example', 403]
		] as const)('are for %s', async ([, origin, status]) => {
			const answer = await app.upgrade(livePath, {
				'sec-websocket-protocol': liveProtocol,
				origin: origin ?? app.running.url
			});
			expect(answer.status).toBe(status);
		});
	});
}

function shutdownSuite(subject: Subject): void {
	describe(`${subject.name}: live queries when the server stops`, () => {
		const app = new Scene(subject);

		test('are cut, others are answered, and then the socket is closed with 1001', async () => {
			await using live = await app.live({ cookie: 'user=ada' });
			const watching = live.get(watched(app.tag()));
			await watching.has('\n\n');
			await using idle = await app.live();
			const slow = live.get(remotePath('src/lib/asks.remote.ts', 'asks', 500), []);
			// Its answer shows that the one before it has been heard.
			expect(await live.get(counted(1)).ended).toBe('end');
			app.running.signal('SIGTERM');
			expect(await watching.ended).toBe('lost');
			expect(await slow.ended).toBe('end');
			expect(slow.body).toContain('ada');
			expect(await live.client.closed).toMatchObject({ code: 1001 });
			expect(await idle.client.closed).toMatchObject({ code: 1001 });
			expect(await app.running.exited).toBe(0);
		});
	});
}

/** What `watched` has said of its request. */
function seen(body: string): Record<string, unknown> {
	const { result } = JSON.parse(/data: (.*)/.exec(body)?.[1] ?? '') as { result: string };
	return revive(JSON.parse(result) as unknown[]) as Record<string, unknown>;
}

/** As `parse` of devalue reads plain values. */
function revive(values: unknown[], index = 0): unknown {
	const value = values[index];
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).map(([key, at]) => [
		key,
		at < 0 ? undefined : revive(values, at)
	]);
	return Object.fromEntries(entries);
}

async function publish(app: Scene, topic: string, text: string): Promise<void> {
	await app.ask(`/publish?topic=${topic}&text=${encodeURIComponent(text)}`);
}
