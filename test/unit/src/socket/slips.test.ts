import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { typeErrors, type TypeError } from '../../support/type-errors.ts';

/** A slip: what of it TypeScript must point at, and what it must say. The first mark is the first error. */
interface Slip {
	code: string;
	blames: [word: string, message: string][];
}

const upgrade = 'upgrade: ({ url }) => ({ name: url.hash })';
const schemas = 'incoming: Say, outgoing: Said';
const open = 'open(peer) { peer.send(peer.data.name); }';

/** Each as somebody writes it, by what is wrong with it. */
const slips: Record<string, Slip> = {
	'a misspelled hook in a map': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, mesage(peer, message) { peer.send(message.text()); } } })`,
		blames: [['mesage', "'mesage' does not exist in type"]]
	},
	'a misspelled hook in a map, beside a right one and another path': {
		code: `defineWebSocket({
			'/news': { ${upgrade}, ${open} },
			'/chat/[room]': { ${upgrade}, ${open}, cloze() {} }
		})`,
		blames: [['cloze', "'cloze' does not exist in type"]]
	},
	'a misspelled hook in a map without upgrade': {
		code: `defineWebSocket({ '/ticks': { opne(peer) { peer.subscribe('ticks'); } } })`,
		blames: [['opne', "'opne' does not exist in type"]]
	},
	'a misspelled hook for every path': {
		code: `defineWebSocket({ ${upgrade}, mesage(peer, message) { peer.send(message.text()); } })`,
		blames: [['mesage', "Did you mean to write 'message'?"]]
	},
	'a misspelled hook in a handler of its own': {
		code: `defineWebSocket({ '/a': { ${upgrade}, ${open} }, '/b': defineWebSocket({ mesage() {} }) })`,
		blames: [['mesage', "Did you mean to write 'message'?"]]
	},
	'two paths with different data': {
		code: `defineWebSocket({
			'/chat/[room]': { ${upgrade}, ${open} },
			'/admin': { upgrade: ({ url }) => ({ level: url.port }), open(peer) { peer.send(peer.data.level); } }
		})`,
		blames: [
			['({ level', "Type '{ level: string; }' is not assignable to type 'MaybePromise<"],
			['level', "Property 'level' does not exist on type '{ name: string; }'"]
		]
	},
	'two paths with different data, of which nobody asks': {
		code: `defineWebSocket({
			'/chat/[room]': { ${upgrade} },
			'/admin': { upgrade: ({ url }) => url.port }
		})`,
		blames: [['url', "Type 'string' is not assignable to type 'MaybePromise<"]]
	},
	'a path without upgrade beside one with it': {
		code: `defineWebSocket({
			'/chat/[room]': { ${upgrade}, ${open} },
			'/ticks': { open(peer) { peer.subscribe('ticks'); } }
		})`,
		blames: [["'/ticks'", "Property 'upgrade' is missing in type"]]
	},
	'a hook with a parameter of another type': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, message(peer, message: string) { peer.send(message); } } })`,
		blames: [['message', "Type 'Message<unknown>' is not assignable to type 'string'"]]
	},
	'a hook with a parameter too many': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, close(peer, code, reason) { peer.send(code + reason); } } })`,
		blames: [['close', 'Expected 3 or more, but got 2']]
	},
	'a hook that expects other data than upgrade returns': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, open(peer: Peer<{ nick: string }>) { peer.send(peer.data.nick); } } })`,
		blames: [['open', "Property 'nick' is missing in type '{ name: string; }'"]]
	},
	'a hook that expects data without an upgrade': {
		code: `defineWebSocket({ '/chat/[room]': { open(peer: Peer<{ nick: string }>) { peer.send(peer.data.nick); } } })`,
		blames: [["'/chat/[room]'", "Property 'upgrade' is missing in type"]]
	},
	'a hook for every path that expects data without an upgrade': {
		code: `defineWebSocket({ open(peer: Peer<{ nick: string }>) { peer.send(peer.data.nick); } })`,
		blames: [['open', 'type \'"Without upgrade there is no data"\'']]
	},
	'the data of an upgrade that returns none': {
		code: `defineWebSocket({ '/chat': { upgrade({ url }) { if (url.hash) error(401, 'no'); }, open(peer) { peer.send(peer.data.name); } } })`,
		blames: [['peer', "'peer.data' is possibly 'undefined'"]]
	},
	'the data of an upgrade that returns nothing in one case': {
		code: `defineWebSocket({ '/chat': { upgrade({ url }) { if (url.hash) return { name: url.hash }; return; }, ${open} } })`,
		blames: [['peer', "'peer.data' is possibly 'undefined'"]]
	},
	'a misspelled property of the data': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, open(peer) { peer.send(peer.data.nme); } } })`,
		blames: [['nme', "Did you mean 'name'?"]]
	},
	'a param that the path does not have': {
		code: `defineWebSocket({ '/chat/[room]': {
			upgrade: ({ params }) => ({ name: params.rom }),
			open(peer) { peer.subscribe(peer.params.roo); }
		} })`,
		blames: [
			['rom', "Did you mean 'room'?"],
			['roo', "Did you mean 'room'?"]
		]
	},
	'an option of another type': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, ordered: 'yes', close() {} } })`,
		blames: [['ordered', "Type 'string' is not assignable to type 'boolean | undefined'"]]
	},
	'an option of another type for every path': {
		code: `defineWebSocket({ ${upgrade}, ordered: 'yes', close() {} })`,
		blames: [['ordered', "Type 'string' is not assignable to type 'boolean | undefined'"]]
	},
	'a subprotocol that is no list': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, protocols: 'chat.v1' } })`,
		blames: [['protocols', "Type 'string' is not assignable to type 'string[] |"]]
	},
	'a hook that is no function': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, open: 'x' } })`,
		blames: [['open', "Type 'string' is not assignable to type '(peer: Peer<"]]
	},
	'a hook that returns something': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, close: (_, { reason }) => reason } })`,
		blames: [['close', "Type 'string' is not assignable to type 'MaybePromise<void>'"]]
	},
	'a field that the schema of incoming does not have': {
		code: `defineWebSocket({ '/chat/[room]': { ${schemas}, ${upgrade}, message(peer, { value }) { peer.subscribe(value.txt); } } })`,
		blames: [['txt', "Did you mean 'text'?"]]
	},
	'a field that the schema of incoming does not have, for every path': {
		code: `defineWebSocket({ message(peer, { value }) { peer.subscribe(value.txt); }, ${schemas} })`,
		blames: [['txt', "Did you mean 'text'?"]]
	},
	'what arrives, where there is no schema': {
		code: `defineWebSocket({ '/chat/[room]': { message(peer, { value }) { peer.subscribe(value.text); } } })`,
		blames: [['value', "'value' is of type 'unknown'"]]
	},
	'a field that the schema of outgoing does not have': {
		code: `defineWebSocket({ '/chat/[room]': { ${schemas}, open(peer) { peer.send({ form: 'Ada' }); } } })`,
		blames: [['form', "'form' does not exist in type '{ from: string; }'"]]
	},
	'a field of another type than the schema of outgoing has': {
		code: `defineWebSocket({ '/a': { ${upgrade} }, '/b': { ${upgrade}, ${schemas}, message(peer) { peer.publish('b', { from: 7 }); } } })`,
		blames: [['from', "Type 'number' is not assignable to type 'string'"]]
	},
	'a function for a schema': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, incoming: (value: unknown) => value } })`,
		blames: [
			[
				'incoming',
				"Type '(value: unknown) => unknown' is not assignable to type 'StandardSchemaV1<"
			]
		]
	},
	'a number of seconds that is text': {
		code: `defineWebSocket({ '/chat/[room]': { ${upgrade}, reauthorize: '60' } })`,
		blames: [['reauthorize', "Type 'string' is not assignable to type 'number'"]]
	},
	'a path without a slash': {
		code: `defineWebSocket({ 'chat/[room]': { close() {} } })`,
		blames: [["'chat", "''chat/[room]'' does not exist in type"]]
	},
	'a hook beside a path': {
		code: `defineWebSocket({ '/chat': { close() {} }, open(peer) { peer.send('hi'); } })`,
		blames: [['open', 'type \'"A map of paths has no hooks of its own"\'']]
	},
	'a function for a path': {
		code: `defineWebSocket({ '/chat': () => {} })`,
		blames: [["'/chat'", "Type '() => void' is not assignable to type"]]
	}
};

/** What only follows: TypeScript does not know the parameters of a hook that it does not know. */
const follows = "implicitly has an 'any' type";

const check = (sources: Record<string, string>) => typeErrors(import.meta.url, sources);

const head = `import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import { defineWebSocket, type Peer } from '../../../../src/server/index.ts';
const Say = v.object({ text: v.string() });
const Said = v.object({ from: v.string() });
void [error, Say, Said];
export type P = Peer;
`;

/** The messages in the docs, with `…` for what differs. */
function documented(): string[] {
	const docs = readFileSync(new URL('../../../../docs/websockets.md', import.meta.url), 'utf8');
	const [, table = ''] = docs.split('| TypeScript says');
	const [rows = ''] = table.split('\n\n');
	return [...rows.matchAll(/^\| `(.+?)` /gm)].map(([, message = '']) =>
		message.replaceAll('\\|', '|')
	);
}

describe('what TypeScript says of a slip', () => {
	const said = new Map<string, TypeError[]>();

	beforeAll(() => {
		let source = head;
		const ends = Object.entries(slips).map(([title, { code }], index) => {
			source += `export const slip${index} = ${code};\n`;
			return { title, end: source.length };
		});
		for (const diagnostic of check({ slips: source })['slips'] ?? []) {
			const { title = '' } = ends.find(({ end }) => diagnostic.start < end) ?? {};
			said.set(title, [...(said.get(title) ?? []), diagnostic]);
		}
	}, 60_000);

	it.each(Object.entries(slips))('names %s', (title, { blames }) => {
		const found = (said.get(title) ?? []).filter(({ says }) => !says.includes(follows));
		const where = found.map(({ at }, index) => at.slice(0, blames[index]?.[0].length ?? 20));
		expect(where).toEqual(blames.map(([word]) => word));
		for (const [index, { says }] of found.entries()) expect(says).toContain(blames[index]?.[1]);
	});

	it('is in the docs, where it needs a word, as it is said', () => {
		const all = [...said.values()].flat().map(({ says }) => says.replaceAll(/\s+/g, ' '));
		const shown = documented();
		expect(shown.length).toBeGreaterThan(5);
		for (const message of shown) {
			const parts = message.split('…');
			const isSaid = all.some((says) => parts.every((part) => says.includes(part)));
			expect({ message, isSaid }).toEqual({ message, isSaid: true });
		}
	});

	it('is nothing of what is right', () => {
		const right = `${head}
			import type { Message } from '../../../../src/server/index.ts';
			const greet = (peer: Peer<{ name: string }>) => void peer.send(peer.data.name);
			const close = (peer: Peer<unknown>) => void peer.url;
			const older = ({ url }: { url: URL }) => ({ name: url.hash, age: 36 });
			const one = defineWebSocket({ ${upgrade}, ${open} });
			export const websocket = defineWebSocket({
				'/chat/[room]': { ${upgrade}, ${open} },
				'/quiet': { ${upgrade}, ordered: true, protocols: ['a'] },
				'/own/[id]': one,
				'/ticks': defineWebSocket({})
			});
			const hear = ({ value }: Message<{ text: string }>) => value.text;
			export const typed = defineWebSocket({
				'/chat/[room]': { ${schemas}, ${upgrade}, message: (peer, { value }) => ({ to: peer.params.room, is: value.text }) },
				'/greet': { ${upgrade}, ${schemas}, open: greet, message: (_, message) => hear(message) }
			});
			export const shared = [
				defineWebSocket({ '/a/[b]': { upgrade: older, open: greet } }),
				defineWebSocket({ '/a/[b]': { upgrade: (event) => older(event), open: greet } }),
				defineWebSocket({ '/a': { ${upgrade}, close } }),
				defineWebSocket({ '/a/[b]': { ${upgrade}, close, ${open} } }),
				defineWebSocket({ '/a': { close }, '/b/[c]': { open: (peer) => void peer.params.c } }),
				defineWebSocket({ ${upgrade}, close, ${open} }),
				defineWebSocket({ ${upgrade}, open: greet }),
				defineWebSocket({ close }),
				defineWebSocket({ upgrade: (): unknown => 1, close })
			];
			error(400, 'no');`;
		expect(check({ right })).toEqual({ right: [] });
	}, 60_000);
});

describe('the hooks of a defined websocket', () => {
	const websocket = `${head}
		const websocket = defineWebSocket({
			'/chat/[room]': { ${upgrade}, ${open}, message(peer, message) { peer.send(message.text()); } },
			'/typed': defineWebSocket({ ${schemas}, message: (peer, { value }) => ({ to: peer.id, is: value.text }) }),
			'/level': defineWebSocket({ upgrade: () => 7, close(peer) { void peer.data; }, ordered: true })
		});
		const every = defineWebSocket({ ${upgrade}, ${open} });
		error(400, 'no');`;
	const wrong = [
		[`websocket['/typed'].message({}, { value: { txt: '' } });`, "'txt' does not exist in type"],
		[`const is: number = websocket['/typed'].message({}, {}).is; void is;`, "to type 'number'"],
		[`void websocket['/chat/[room]'].open({ data: { nick: 'Ada' } });`, "'nick' does not exist"],
		[`void websocket['/chat/[room]'].open({ params: { rom: 'a' } });`, "'rom' does not exist"],
		[`void websocket['/chat/[room]'].close({}, { code: 1000, reason: '' });`, "'close' does not"],
		[`void websocket['/level'].close({ data: 'x' }, { code: 1, reason: '' });`, "to type 'number'"],
		[`void websocket['/chat'];`, "'/chat' does not exist"],
		[`void every.close;`, "Property 'close' does not exist"],
		[`void every.open({ data: 7 });`, "Type 'number' is not assignable"]
	];
	const right = `
		import { Message } from '../../../../src/server/index.ts';
		const sent: unknown[] = [];
		const send = (value: unknown) => (sent.push(value), 'sent' as const);
		void websocket['/chat/[room]'].open({ data: { name: 'Ada' }, params: { room: 'a' }, send });
		void websocket['/chat/[room]'].message({ send }, new Message('hi'));
		void websocket['/chat/[room]'].message({ send }, { text: () => 'hi' });
		const reply: string = websocket['/typed'].message({ id: 'a' }, new Message('{ "text": "hi" }')).is;
		void [reply, websocket['/typed'].message({ send }, { value: { text: 'hi' } }).to.length];
		void websocket['/level'].close({ data: 7 }, { code: 1000, reason: '' });
		const ordered: boolean = websocket['/level'].ordered;
		const data: unknown = websocket['/chat/[room]'].upgrade({ url: new URL('http://a.b/#Ada') });
		void every.open({ data: { name: 'Ada' }, send });
		void [ordered, data];`;

	it('are there with their types, for the parts of a peer that a test makes, and nothing else is', () => {
		const codes = [right, ...wrong.map(([code]) => code)];
		const sources = codes.map((code, index) => [
			`test${index}`,
			`${websocket}\n${code}\nvoid [websocket, every];`
		]);
		const said = Object.values(check(Object.fromEntries(sources) as Record<string, string>));
		const expected = wrong.map(([, message]) => [expect.stringContaining(message ?? '')]);
		expect(said.map((each) => each.map(({ says }) => says))).toEqual([[], ...expected]);
	}, 60_000);
});
