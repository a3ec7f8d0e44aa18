import { withEnv, type Bytes, type Case } from '../../../comparison/case.ts';
import {
	chunked,
	chunkedHeaders,
	get,
	head,
	multipart,
	origin,
	parts,
	post,
	request,
	urlencoded,
	type HeaderList
} from '../../../comparison/requests.ts';
import { requests } from '../fixtures/app/src/lib/requests.ts';
import { bodyUses } from '../fixtures/app/src/lib/uses/bodies.ts';
import { copyUses } from '../fixtures/app/src/lib/uses/copies.ts';
import { fetchUses } from '../fixtures/app/src/lib/uses/fetches.ts';
import { headerUses } from '../fixtures/app/src/lib/uses/headers.ts';
import { identityUses, internalUses } from '../fixtures/app/src/lib/uses/identity.ts';
import { valueUses } from '../fixtures/app/src/lib/uses/values.ts';

/** Headers of every kind, in no order. */
const several: HeaderList = {
	'x-list': ['b', 'a'],
	'User-Agent': 'tests',
	cookie: 'a=1; b=2',
	'x-empty': '',
	accept: '*/*',
	'x-latin1': Buffer.from('grüße').toString('latin1')
};

type Kind = (target: string) => Bytes;

/** A request of each kind of body. */
const kinds = {
	GET: (target) => get(target, several),
	'POST of text': (target) => post(target, 'some text', several),
	'POST of chunks': (target) =>
		post(target, chunked('{"a":', ' "grüße"}'), {
			...several,
			...chunkedHeaders,
			'content-type': 'application/json'
		}),
	'POST of nothing': (target) => post(target, undefined, several)
} satisfies Record<string, Kind>;

const file = parts(
	{ head: 'name="text"', body: 'grüße' },
	{ head: 'name="file"; filename="a.bin"\r\nContent-Type: image/x-a', body: Buffer.from([0, 255]) }
);

/** Bodies that are read in more than one way. */
const bodyKinds: Record<string, Kind> = {
	...kinds,
	'POST of JSON': (target) =>
		post(target, '{"a": ["grüße"]}', { 'content-type': 'application/json' }),
	'POST of a urlencoded form': (target) => post(target, 'a=1+2&b=%C3%BC&a=3', urlencoded),
	'POST of a multipart form': (target) => post(target, file, multipart),
	'POST of bytes': (target) => post(target, Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0, 0xc3])),
	'POST of 300 KB': (target) => post(target, Buffer.alloc(300_000, 'abcdefghij\n')),
	'POST of an empty body': (target) => post(target, '')
};

function targetOf(use: string, query = ''): string {
	return `/request/${encodeURIComponent(use)}${query}`;
}

function each(names: string[], of: Record<string, Kind>, query = ''): Case[] {
	return names.flatMap((use) =>
		Object.entries(of).map(([kind, make]): Case => ({
			name: `${kind} that ${use}${query}`,
			raw: make(targetOf(use, query))
		}))
	);
}

const { GET, 'POST of text': text, 'POST of chunks': chunks } = kinds;

/** What was read, in every way, is too large. */
const limited = Object.entries(bodyUses).map(([use]) => use);

const tooLarge = withEnv({ BODY_SIZE_LIMIT: '10' }, [
	...each(limited, {
		'POST of too much': (target) => post(target, 'x'.repeat(11)),
		'POST of too many chunks': (target) =>
			post(target, chunked('x'.repeat(6), 'x'.repeat(6)), chunkedHeaders)
	}),
	...each(
		limited.filter((use) => !use.includes('twice')),
		{ 'POST of too much': (target) => post(target, 'x'.repeat(11)) },
		'?throw'
	)
]);

const methods = ['HEAD', 'OPTIONS', 'PATCH', 'PUT', 'DELETE', 'PROPFIND', 'REPORT', 'M-SEARCH'];

/** Uses that show most. */
const telling = [
	'is described',
	'is inspected',
	'is cloned',
	'makes a copy with headers',
	'makes a request to elsewhere',
	'read by text, twice',
	'has headers to walk through',
	'is behind a proxy that binds',
	'makes one of a subclass',
	'is the one that handle saw'
];

const targets: [name: string, target: string][] = [
	['a query', '?a=1&a=2&%C3%BC=%20'],
	['an empty query', '?'],
	['several question marks', '??a?b'],
	['a long query', `?${'a=1&'.repeat(1500)}`],
	['a query with brackets', '?a[]={b}|^`'],
	['a query with quotes', `?a="b'c"<d>`],
	['a fragment', '?a=1#b'],
	['a percent that is none', '?a=%&b=%zz'],
	['a backslash in its query', '?a=\\b'],
	['a colon in its query', '?a=http://b//c/../d']
];

const odd: Case[] = [
	...targets.map(([name, query]): Case => ({
		name: `GET with ${name}`,
		raw: get(`${targetOf('has a URL')}${query}`)
	})),
	...['/./', '//', '/a/../', '/%2e/', '/%2E%2e/'].map((prefix): Case => ({
		name: `GET below ${prefix}`,
		raw: get(`${prefix}request/has%20a%20URL`)
	})),
	...methods.map((method): Case => ({
		name: `${method} that is described`,
		raw: request(method, targetOf('is described'), { origin })
	})),
	{ name: 'HEAD that is inspected', raw: head(targetOf('is inspected')) },
	{
		name: 'a request with 90 headers that is described',
		raw: get(
			targetOf('is described'),
			Object.fromEntries(
				Array.from({ length: 90 }, (_, index) => [`x-${index % 45}-${index}`, 'a'])
			)
		)
	},
	{
		name: 'a POST that expects to go on',
		raw: post(targetOf('read by text'), 'body', { expect: '100-continue' })
	},
	{
		name: 'a GET with a body that is described',
		raw: request('GET', targetOf('is described'), {}, 'ignored')
	},
	{
		name: 'three requests on one connection',
		raw: [
			text(targetOf('is not read')),
			GET(targetOf('is described')),
			chunks(targetOf('is cloned'))
		]
	}
];

/** Bodies that are read in ways that do not depend on what they are. */
const isSlow = /, (later|after)/;

/** What `handle` does before. */
const handled = Object.keys(requests).flatMap((before) =>
	each(telling, { 'POST of text': text }, `?request=${encodeURIComponent(before)}`)
);

const overHttp = { 'x-forwarded-proto': 'http' };

/** With `PROTOCOL_HEADER`, so that the app finds itself where it is. */
const fetches = withEnv(
	{ PROTOCOL_HEADER: 'x-forwarded-proto' },
	Object.keys(fetchUses).flatMap((use): Case[] => [
		{
			name: `GET that ${use}`,
			raw: ({ port }) =>
				get(targetOf(use), { ...overHttp, host: `127.0.0.1:${port}`, cookie: 'a=1' })
		},
		{
			name: `POST of text that ${use}`,
			raw: ({ port }) =>
				post(targetOf(use), 'some text', {
					...overHttp,
					host: `127.0.0.1:${port}`,
					origin: `http://127.0.0.1:${port}`
				})
		},
		{
			name: `POST of chunks that ${use}`,
			raw: ({ port }) =>
				post(targetOf(use), chunked('some ', 'text'), {
					...overHttp,
					...chunkedHeaders,
					host: `127.0.0.1:${port}`,
					origin: `http://127.0.0.1:${port}`
				})
		}
	])
);

/** What adapter-node does not always answer there. */
const failing = /sent on to where it came from/;

/** On Bun, an app sees the `Request` of Bun. */
export const requestCases: Case[] = [
	...each(Object.keys(copyUses), kinds),
	...[identityUses, internalUses, headerUses, valueUses].flatMap((uses) =>
		each(Object.keys(uses), { GET, 'POST of text': text })
	),
	...each(
		Object.keys(bodyUses).filter((use) => !isSlow.test(use)),
		bodyKinds
	),
	...each(
		Object.keys(bodyUses).filter((use) => isSlow.test(use)),
		kinds
	),
	...tooLarge,
	...odd,
	...handled,
	...fetches
].map((one) => ({ ...one, isOfRuntime: !failing.test(one.name) }));
