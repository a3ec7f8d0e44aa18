import type { Difference } from '../../comparison/differences.ts';

const own = {
	subjects: ['uws', 'uws without fast paths', 'node', 'node without fast paths', 'bun']
};

const bun = { subjects: ['bun'] };

/** Node keeps what a request is where it can be reached: that of 24 has it in private fields, and makes real ones. */
const isOpen = Object.getOwnPropertySymbols(new Request('https://a.example')).length > 0;

const onlyLazy: Difference = {
	subjects: ['uws', 'node'],
	what: 'A request is of a class that extends `Request`, and keeps what it is made of under another symbol.',
	why: 'It makes no `Request` before something asks for what it does not know by itself.',
	cases: [
		'has the prototype of Request',
		'has methods of Request',
		'has keys of its own',
		'is inspected with what is hidden'
	].flatMap((use) => [`GET that ${use}`, `POST of text that ${use}`]),
	statuses: [200]
};

/** In what an app sees of a request, and in what comes of its response. What is in no list and differs is a bug. */
export const differences: Difference[] = [
	{
		...own,
		what: 'A body that the app gives up is left, and the answer sent.',
		why: 'adapter-node cuts the connection, and with it the answer.',
		cases: [
			'POST of text',
			'POST of chunks',
			'POST of bytes',
			'POST of JSON',
			'POST of a urlencoded form',
			'POST of a multipart form',
			'POST of 300 KB',
			'POST of too many chunks'
		].map((kind) => `${kind} that is left by its reader`),
		statuses: [200]
	},
	{
		...own,
		what: 'A body that fails before its first byte is answered 500.',
		why: 'adapter-node cuts the connection, which says less, and makes proxies try again.',
		cases: [
			'GET a stream that breaks first',
			'POST of too much that is answered as it comes',
			'POST of too much that is answered as it comes?throw'
		],
		statuses: [500]
	},
	{
		...own,
		what: 'A length that is no number is not sent.',
		why: 'adapter-node sends it, and no client can read the body.',
		cases: ['GET a length that is no number', 'HEAD a length that is no number'],
		statuses: [200]
	},
	{
		...own,
		what: 'An answer 304 has no length.',
		why: 'No engine but Node sends one that is not that of the body.',
		cases: [
			'GET status 304 with a length',
			'GET json through another status',
			'GET a page through another status'
		],
		statuses: [304]
	},
	...(isOpen ? [onlyLazy] : []),
	{
		...bun,
		what: 'A String object, a number and an object make a body without a type.',
		why: 'Only a string makes a text for Bun.',
		cases: ['a String object', 'a number', 'a plain object'].flatMap((kind) => [
			`GET ${kind}`,
			`HEAD ${kind}`
		]),
		statuses: [200],
		headers: ['content-type']
	},
	{
		...bun,
		what: 'The type of a blob of text names its charset, and the blob of a body without a type is text.',
		why: "Bun's blobs do.",
		cases: [
			'GET a File',
			'HEAD a File',
			...['a Uint8Array', 'Response.json'].map(
				(kind) => `GET ${kind} through new Response of its blob`
			),
			'GET json through new Response of its blob',
			'GET a page through new Response of its blob'
		],
		statuses: [200],
		headers: ['content-type']
	},
	{
		...bun,
		what: 'A response is sent as its constructor made it, and a 101, which no answer can be, fails once it is sent.',
		why: 'Bun reads no property that somebody else has defined, and its constructor takes that status.',
		cases: [
			'GET one with getters of its own',
			'GET one with a body of its own',
			'GET status 101',
			'HEAD status 101'
		],
		statuses: [101, 200, 500]
	},
	{
		...bun,
		what: 'An answer 205 to HEAD has the length 0.',
		why: 'Bun sends the length of every answer that may have one.',
		cases: ['HEAD status 205'],
		statuses: [205],
		headers: ['content-length']
	},
	{
		...bun,
		what: 'The errors of a body have other words, and a request of which a copy was made does not count as used.',
		why: "It is Bun's `Request`.",
		cases: ['twice', 'copied'].flatMap((action) => [
			`the action ${action}`,
			`the action ${action}, enhanced`,
			`the action ${action}, in parts`
		]),
		statuses: [200, 409]
	},
	{
		...bun,
		what: 'Headers as JSON are in the order in which they came, where there is a body.',
		why: 'That of adapter-node is the order of what Bun has made for Node.',
		cases: ['POST of text that has headers without properties'],
		statuses: [200]
	},
	{
		...bun,
		what: 'A request in chunks can be sent on with all of its headers.',
		why: "Node's `fetch` refuses to be told a transfer-encoding; that of Bun leaves it away.",
		cases: ['POST of chunks that is sent on to where it came from'],
		statuses: [200]
	}
];
