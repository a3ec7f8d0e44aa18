import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { typeErrors, type TypeError } from '../../support/type-errors.ts';

const config = 'test/unit/src/client/tsconfig.json';

const check = (sources: Record<string, string>) => typeErrors(import.meta.url, sources, config);

/** What an app has in `src/websocket`, and in `src/app.d.ts`. */
const app = {
	websocket: `
		import { type } from 'arktype';
		import * as v from 'valibot';
		import { z } from 'zod';
		import { defineWebSocket } from '../../../../src/server/index.ts';

		export const websocket = defineWebSocket({
			'/chat/[room]': {
				incoming: v.object({ text: v.string(), at: v.optional(v.pipe(v.string(), v.transform(Number))) }),
				outgoing: z.object({ from: z.string(), at: z.date(), note: z.string().optional() }),
				upgrade: ({ url }) => ({ name: url.hash }),
				message: async (peer, { value }) => ({ ok: value.text === peer.data.name, at: new Date() })
			},
			'/[[lang]]/live': { upgrade: ({ url }) => ({ name: url.hash }), message() {} },
			'/files/[...path]': {
				outgoing: v.union([v.string(), v.instance(Uint8Array)]),
				upgrade: ({ url }) => ({ name: url.hash })
			},
			'/items/[id=integer]/[[page=page]]': { upgrade: ({ url }) => ({ name: url.hash }) },
			'/[x+2e]known': { upgrade: ({ url }) => ({ name: url.hash }) },
			'/ticks': defineWebSocket({ incoming: type({ stop: 'boolean' }), outgoing: type('number') })
		});`,
	app: `
		declare module '../../../../src/client/index.ts' {
			interface Register { websocket: typeof import('./websocket.ts').websocket }
		}
		export {};`
};

const head = `
	import * as v from 'valibot';
	import { createWebSocket, getWebSocket, webSocketStore, type ReactiveWebSocket } from '../../../../src/client/index.ts';
	type Is<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
	const is = <A, B>(equal: Is<A, B>) => equal;
	declare const text: string, room: { id: string };
	void [v, createWebSocket, getWebSocket, webSocketStore, is, text, room];
	export type R = ReactiveWebSocket;
`;

/** Each as somebody writes it, by what is wrong with it: what TypeScript must point at, and what it must say. */
const slips: Record<string, [code: string, at: string, says: string]> = {
	'a path that there is not': [
		`createWebSocket('/chta/[room]', { params: { room: 'lobby' } })`,
		`'/chta/[room]'`,
		`Argument of type '"/chta/[room]"' is not assignable to parameter of type '"/chat/[room]" | "/[[lang]]/live" |`
	],
	'a path that there is not, without params': [
		`createWebSocket('/tick')`,
		`'/tick'`,
		`Argument of type '"/tick"' is not assignable to parameter of type '"/chat/[room]" |`
	],
	'a path that there is not, for a store': [
		`webSocketStore('/tick', { history: 1 })`,
		`'/tick'`,
		`Argument of type '"/tick"' is not assignable to parameter of type '"/chat/[room]" |`
	],
	'a param in the path by another name': [
		`createWebSocket('/chat/[rom]', { params: { room: 'lobby' } })`,
		`'/chat/[rom]'`,
		`Argument of type '"/chat/[rom]"' is not assignable to parameter of type '"/chat/[room]" |`
	],
	'a path without its params': [
		`createWebSocket('/chat/[room]')`,
		`'/chat/[room]'`,
		`is not assignable to parameter of type '"Give it { params: { room } }"'`
	],
	'a path without its params, for a store': [
		`webSocketStore('/items/[id=integer]/[[page=page]]')`,
		`'/items`,
		`is not assignable to parameter of type '"Give it { params: { id } }"'`
	],
	'options without params': [
		`createWebSocket('/chat/[room]', { history: 1 })`,
		`{ history`,
		`Property 'params' is missing in type '{ history: number; }' but required in type 'WithParams<`
	],
	'a param that is missing': [
		`createWebSocket('/chat/[room]', { params: {} })`,
		`params`,
		`Type '{}' is not assignable to type 'ParamsSource<{ room: ParamValue; }>'`
	],
	'one of two params that is missing': [
		`createWebSocket('/items/[id=integer]/[[page=page]]', { params: { page: 7 } })`,
		`params`,
		`Property 'id' is missing in type '{ page: number; }'`
	],
	'a param by another name': [
		`createWebSocket('/chat/[room]', { params: { rom: 'lobby' } })`,
		`rom`,
		`'rom' does not exist in type 'ParamsSource<{ room: ParamValue; }>'`
	],
	'an optional param by another name': [
		`createWebSocket('/[[lang]]/live', { params: { lnag: 'de' } })`,
		`lnag`,
		`'lnag' does not exist in type 'ParamsSource<{ lang?: ParamValue | undefined; }>'`
	],
	'a param by another name, from a function': [
		`createWebSocket('/chat/[room]', { params: () => ({ rom: text }) })`,
		`params`,
		`Property 'room' is missing in type '{ rom: string; }'`
	],
	'a param that becomes no text': [
		`createWebSocket('/chat/[room]', { params: { room } })`,
		`room`,
		`Type '{ id: string; }' is not assignable to type 'ParamValue'`
	],
	'params of a path that has none': [
		`createWebSocket('/ticks', { params: { every: 7 } })`,
		`every`,
		`Type 'number' is not assignable to type 'never'`
	],
	'an option that there is not': [
		`createWebSocket('/chat/[room]', { params: { room: 'lobby' }, retries: 3 })`,
		`retries`,
		`'retries' does not exist in type 'WithParams<`
	],
	'a field that is sent by another name': [
		`createWebSocket('/chat/[room]', { params: { room: 'lobby' } }).send({ txt: 'hi' })`,
		`txt`,
		`Did you mean to write 'text'?`
	],
	'a field that is sent with another type': [
		`createWebSocket('/ticks').send({ stop: 'yes' })`,
		`stop`,
		`Type 'string' is not assignable to type 'boolean'`
	],
	'a message of another type to a path that is filled': [
		`createWebSocket('/chat/lobby').send('hi')`,
		`'hi'`,
		`Argument of type 'string' is not assignable to parameter of type '{ text: string;`
	],
	'a field that does not arrive': [
		`void createWebSocket('/chat/[room]', { params: { room: 'lobby' } }).last?.form`,
		`form`,
		`Property 'form' does not exist on type '{ from: string; at: string;`
	],
	'a field that does not arrive at a socket from above': [
		`void getWebSocket<'/chat/[room]'>().last?.form`,
		`form`,
		`Property 'form' does not exist on type '{ from: string; at: string;`
	],
	'a request of another type': [
		`void createWebSocket('/ticks').request({ stop: 7 })`,
		`stop`,
		`Type 'number' is not assignable to type 'boolean'`
	],
	'a field that is not in the answer': [
		`void createWebSocket('/chat/lobby').request({ text }).then((answer) => answer.oh)`,
		`oh`,
		`Property 'oh' does not exist on type '{ ok: boolean; at: string; }'`
	],
	'what is no URL': [
		`createWebSocket(() => 7)`,
		`() => 7`,
		`Argument of type '() => number' is not assignable to parameter of type 'UrlSource'`
	]
};

const received = `{ from: string; at: string; note?: string | undefined }`;

const right = `${head}
	const chat = createWebSocket('/chat/[room]', { params: { room: 'lobby' }, history: 3 });
	is<typeof chat.messages, readonly ${received}[]>(true);
	is<Parameters<typeof chat.send>[0], { text: string; at?: string | undefined }>(true);
	chat.on('message', (message) => message.from.trim() + message.at.trim());
	createWebSocket('/chat/[room]', { params: () => ({ room: room.id }) }).send({ text, at: '7' });
	void chat.request({ text }).then((answer) => is<typeof answer, { ok: boolean; at: string }>(true));
	void chat.request<number>({ text }, { timeout: 7 }).then((answer) => answer.toFixed());
	createWebSocket('/chat/[room]', { params: () => (text ? { room: text } : null) });
	createWebSocket('/chat/[room]', { get params() { return room.id ? { room: room.id } : { room: 7 }; } });
	createWebSocket('/chat/[room]?since=7', { params: { room: true } }).send({ text });
	createWebSocket('/[[lang]]/live');
	createWebSocket('/[[lang]]/live', {});
	createWebSocket('/[[lang]]/live', { params: { lang: undefined } });
	createWebSocket('/items/[id=integer]/[[page=page]]', { params: { id: 7, page: 8n } });
	createWebSocket('/[x+2e]known', { history: 0 });
	is<typeof file.last, string | ArrayBuffer | undefined>(true);
	const file = createWebSocket('/files/[...path]', { params: { path: 'a/b' } });
	const ticks = createWebSocket('/ticks');
	is<typeof ticks.last, number | undefined>(true);
	ticks.send({ stop: true });
	const filled = createWebSocket('/chat/lobby');
	is<typeof filled.messages, readonly ${received}[]>(true);
	createWebSocket('/de/live', { history: 1 }).send(7);
	createWebSocket('/live').send(7);
	void createWebSocket('/live').request(7).then((answer) => is<typeof answer, undefined>(true));
	void ticks.request({ stop: true }).then((answer) => is<typeof answer, unknown>(true));

	const store = webSocketStore('/chat/[room]', { params: { room: 'lobby' } });
	store.messages.subscribe((all) => is<typeof all, readonly ${received}[]>(true));
	store.send({ text });
	const above = getWebSocket<'/chat/[room]'>();
	is<typeof above.messages, readonly ${received}[]>(true);
	above.send({ text });
	is<ReturnType<typeof getWebSocket>, ReactiveWebSocket>(true);
	getWebSocket<number, string>().send('hi');

	const parse = v.object({ n: v.number() });
	const parsed = createWebSocket('/chat/[room]', { params: { room: 'lobby' }, parse });
	is<typeof parsed.last, { n: number } | undefined>(true);
	parsed.send({ text });
`;

/** As it is without a word about the app. */
const untold = `
	const unknown = createWebSocket(text);
	is<typeof unknown, ReactiveWebSocket>(true);
	createWebSocket('wss://a.example/[x]').send(7);
	createWebSocket('//a.example/a').send(7);
	createWebSocket('?room=1', {}).send(7);
	createWebSocket(\`/chat/\${text}\`).send(7);
	createWebSocket(() => '/elsewhere').send(7);
	createWebSocket(async () => null, { history: undefined });
	createWebSocket(new URL('wss://a.example'), undefined);
	const one = createWebSocket<string>('/elsewhere');
	is<typeof one, ReactiveWebSocket<string>>(true);
	const both = createWebSocket<string, number>('/chat/[room]', { params: { room: text } });
	is<typeof both, ReactiveWebSocket<string, number>>(true);
	const annotated: ReactiveWebSocket<{ a: 1 }, string> = createWebSocket(text);
	void annotated;
	const numbers = createWebSocket(text, { parse: v.number() });
	is<typeof numbers.last, number | undefined>(true);
	export function wrapped<In, Out>(url: string, schema: v.GenericSchema<unknown, In>): ReactiveWebSocket<In, Out> {
		return createWebSocket<In, Out>(url, { parse: schema });
	}
	export function inferred<In>(url: string, schema: v.GenericSchema<unknown, In>): ReactiveWebSocket<In> {
		return createWebSocket(url, { parse: schema });
	}
`;

/** The messages in the docs, with \`…\` for what differs. */
function documented(): string[] {
	const docs = readFileSync(new URL('../../../../docs/client.md', import.meta.url), 'utf8');
	const [, table = ''] = docs.split('| TypeScript says');
	const [rows = ''] = table.split('\n\n');
	return [...rows.matchAll(/^\| `(.+?)` /gm)].map(([, message = '']) =>
		message.replaceAll('\\|', '|')
	);
}

describe('with what the app has registered', () => {
	let said: Record<string, TypeError[]>;

	beforeAll(() => {
		const codes = Object.values(slips).map(([code], index) => [`slip${index}`, head + code]);
		said = check({ ...app, right, untold: head + untold, ...Object.fromEntries(codes) });
	}, 60_000);

	it.each(Object.entries(slips))('TypeScript names %s', (title, [, at, says]) => {
		const found = said[`slip${Object.keys(slips).indexOf(title)}`] ?? [];
		expect(found.map((each) => each.at.slice(0, at.length))).toEqual([at]);
		expect(found[0]?.says).toContain(says);
	});

	it.each(['websocket', 'app', 'right', 'untold'])(
		'TypeScript says nothing of what is right: %s',
		(name) => {
			expect(said[name]?.map(({ line, says }) => `line ${line}: ${says}`)).toEqual([]);
		}
	);

	it('the docs have the messages that need a word', () => {
		const all = Object.values(said)
			.flat()
			.map(({ says }) => says.replaceAll(/\s+/g, ' '));
		expect(documented().length).toBeGreaterThan(2);
		for (const message of documented()) {
			const parts = message.split('…');
			const isSaid = all.some((says) => parts.every((part) => says.includes(part)));
			expect({ message, isSaid }).toEqual({ message, isSaid: true });
		}
	});
});

describe('where the app has registered', () => {
	it('nothing, every URL may be anything', { timeout: 60_000 }, () => {
		const anything = `
			createWebSocket('/elsewhere').send(7);
			createWebSocket('/chat/[room]', { params: { room: 7 } }).send(7);
			createWebSocket('/chat/[room]', { params: () => ({ rom: text }) }).send(7);
			webSocketStore('/elsewhere', { history: 1 }).send(7);`;
		const { none } = check({ none: head + untold + anything });
		expect(none?.map(({ line, says }) => `line ${line}: ${says}`)).toEqual([]);
	});

	it('one handler for every path, every path has its types', { timeout: 60_000 }, () => {
		const one = {
			websocket: `
				import * as v from 'valibot';
				import { defineWebSocket } from '../../../../src/server/index.ts';
				export const websocket = defineWebSocket({
					incoming: v.string(),
					outgoing: v.object({ at: v.date() }),
					message: (_, { value }) => value.length
				});`,
			app: app.app,
			use: `${head}
				const chat = createWebSocket('/chat/[room]', { params: { room: 'a' } });
				is<typeof chat.last, { at: string } | undefined>(true);
				// @ts-expect-error: it takes strings
				createWebSocket('/chat').send(7);
				createWebSocket(text).send(7);
				createWebSocket('wss://a.example').send(7);`
		};
		const found = Object.values(check(one)).flat();
		expect(found.map(({ line, says }) => `line ${line}: ${says}`)).toEqual([]);
	});
});
