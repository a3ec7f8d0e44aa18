import type { Difference } from './differences.ts';

/** adapter-node 5 has sirv for files, adapter-node 6 has code of its own, which is the model of ours. */
const asIn6: Pick<Difference, 'subjects' | 'isInReference'> = {
	subjects: ['uws', 'node'],
	isInReference: true
};

const methods = 'OPTIONS POST PUT PATCH DELETE PROPFIND PURGE QUERY TRACE'.split(' ');
const files = ['/plain.txt', '/pre/never', '/pre/never/', '/pre/redirect', '/pre/json', '/both'];

const weighted = [
	'*',
	'*;q=0.5, gzip;q=0.1',
	'br;q=0',
	'br;q=0, gzip',
	'br;q=0.5, gzip;q=0.8',
	'gzip;q=1.0, br;q=0.999',
	'gzip;q=0, *',
	'GZip',
	'x-gzip',
	'br;Q=0',
	'br; q = 0',
	'br;q=',
	'br;q=abc',
	'br;q=-1',
	'br;q=1;q=0',
	'br;x=1;q=0.1, gzip;q=0.4',
	'br, br;q=0',
	'br gzip',
	'"br"',
	'gzip;q=.9, br;q=.8'
];

/** With variants, of which `*` accepts one. */
const compressed = [
	'/large.txt',
	'/empty.txt',
	'/image.svg',
	'/docs',
	'/pre/data',
	'/pre/data/__data.json',
	'/pre/feed.xml',
	'/gr%C3%BC%C3%9Fe.txt'
];

/** Not of the form that RFC 9110 gives a range of bytes, or several of it: to be ignored. */
const ignoredRanges = [
	'bytes=-',
	'bytes=',
	'bytes',
	'bytes=a-b',
	'bytes=0-b',
	'bytes=0 - 4',
	'bytes= 0-4',
	'bytes=0-4,',
	'bytes=0-4,10-14',
	'bytes=0-4, -5',
	'bytes=0--4',
	'bytes=+0-4',
	'bytes=0x0-0x4',
	'bytes=1.5-4',
	'Bytes=0-4',
	'BYTES=0-4',
	'items=0-4',
	'none'
];

const ranges = [
	...ignoredRanges,
	'bytes=0-0',
	'bytes=-1',
	'bytes=-100',
	'bytes=-0',
	'bytes=5-4',
	'bytes=2040-',
	'bytes=2040-2041',
	'bytes=99999-',
	'bytes=0-99999999999999999999',
	'bytes=99999999999999999999-',
	'bytes=-99999999999999999999'
];

const staleParts = [
	'its weak ETag',
	'a stale ETag',
	'the ETag of the brotli variant',
	'a date',
	'an old date',
	'nonsense',
	'any ETag',
	'a list'
];

/** Against adapter-node 5.5.7 alone. What its users rely on is not in here: that is a bug. */
export const kit2Differences: Difference[] = [
	{
		...asIn6,
		what: 'A file has GET and HEAD; another method is answered 405.',
		why: 'sirv never looks at the method.',
		cases: [
			...files.flatMap((file) => methods.map((method) => `method ${method} of ${file}`)),
			'POST the start script',
			'POST a chunk',
			'POST an imported asset',
			'POST a file if it has not its own ETag',
			'POST a range',
			'POST a body to a file',
			'POST a file below a base path',
			'a static index: POST /',
			'an action of a prerendered page',
			'expect 100-continue for a file',
			'limit 1000: too much for a file',
			'limit 102400: too much for a file',
			'three requests on one connection: a method that a file has not',
			'three requests on one connection: a body for a file',
			'every end, one after another'
		],
		statuses: [200, 304, 308, 405, 416]
	},
	{
		...asIn6,
		what: 'Ranges and If-Range are read as RFC 9110 has it.',
		why: 'sirv takes the end of a file for its start, makes 206 of nonsense, mixes two versions, and hangs on a large number.',
		cases: [
			...ranges.map((range) => `GET with range ${JSON.stringify(range)}`),
			...staleParts.map((validator) => `GET a range if it is still ${validator}`),
			'GET a range of the brotli variant if it is still the ETag of the file',
			'GET a range beyond the brotli variant, but not beyond the file',
			'GET two range headers',
			'GET a range of an empty file',
			'GET the end of an empty file',
			'GET the middle of a large file',
			'GET the end of a large file',
			'HEAD a range that cannot be',
			'three requests on one connection: a range that cannot be'
		],
		statuses: [200, 206, 416]
	},
	{
		...asIn6,
		what: 'Codings are weighed, and only a file with variants varies by them.',
		why: 'sirv looks for the letters of br and gzip, sends what a client refuses, and says of every file that it varies.',
		cases: [
			...weighted.map((value) => `GET /plain.txt with accept-encoding ${JSON.stringify(value)}`),
			...compressed.map((file) => `GET ${file} with accept-encoding "*"`),
			'GET /UPPER.TXT',
			'GET /empty',
			'GET /no-extension',
			'GET /unknown.xyz',
			'GET /site.webmanifest',
			'GET /two-megabytes.bin',
			'HEAD /two-megabytes.bin',
			'HEAD /no-extension',
			...['br', 'gzip', '*'].flatMap((value) => [
				`GET /two-megabytes.bin with accept-encoding "${value}"`,
				`GET /pre/json with accept-encoding "${value}"`
			]),
			'method GET of /pre/json',
			'method HEAD of /pre/json',
			'GET page /pre/json',
			'GET page /pre/calendar',
			'three requests on one connection: a large file',
			'three requests on one connection: a file for HEAD',
			'an endpoint hands on /unknown.xyz from the network'
		],
		statuses: [200]
	},
	{
		...asIn6,
		what: 'If-None-Match may hold a list or a star, and 304 repeats the headers that a cache updates.',
		why: 'sirv compares the whole header, and sends a bare 304.',
		cases: [
			'GET a file if it has not its own ETag',
			'GET a file if it has not its weak ETag',
			'GET a file if it has not a list with its ETag',
			'GET a file if it has not a list without spaces',
			'GET a file if it has not any ETag',
			'GET a file if it has not two headers',
			'GET a file if it has not the ETag of the brotli variant, in brotli',
			'GET a file if it has not its own ETag and a range',
			'HEAD a file if it has not its own ETag',
			'GET an immutable file if it has changed',
			'GET a prerendered page if there is none',
			'three requests on one connection: a file that has not changed'
		],
		statuses: [304]
	},
	{
		...asIn6,
		what: 'The redirect to the other form of a prerendered path is relative, and keeps an empty query.',
		why: 'It survives a proxy that hides a prefix.',
		cases: [
			'method GET of /pre/never/',
			'method HEAD of /pre/never/',
			'GET page /pre/never/',
			'GET page /pre/never/?a=1',
			'GET page /pre/never/?',
			'GET page /pre/%6Eever/',
			'GET page /pre/always',
			'GET page /pre/always?a=1',
			'GET page /pre/ignore/',
			'GET page /pre/ignore/?a=1',
			'GET page /pre/data/',
			'GET page /pre/data/__data.json/',
			'GET page /pre/feed.xml/',
			'GET page /pre/json/',
			'GET page /pre/redirect/',
			'HEAD page /pre/never/',
			'three requests on one connection: a prerendered redirect',
			'origin headers: nonsense for a redirect',
			'GET with a base path /base/pre/never/',
			'GET with a base path /base/pre/never/?a=1',
			'GET with a base path /base/pre/always'
		],
		statuses: [308]
	},
	{
		subjects: ['uws', 'node'],
		what: 'So is that of a prerendered name with a percent sign, and of what SvelteKit 3 does not prerender.',
		why: 'As above. adapter-node 6 finds no such name.',
		cases: ['GET page /pre/named/100%25/', 'GET page /pre/redirect-endpoint/'],
		statuses: [308]
	},
	{
		...asIn6,
		what: 'A file has its own name, and a page of HTML also that without its extension. A .gz is a file like any other.',
		why: 'sirv also takes a slash after a file, `index` for a folder, its own variants, and hidden files below `.well-known`.',
		cases: [
			'GET /plain.txt/',
			'GET /docs/index',
			'GET /docs/.well-known/file.txt',
			'GET /plain.txt.br',
			'GET /plain.txt.gz',
			'GET with a base path /base/plain.txt/',
			'GET /archive.tar.gz'
		],
		statuses: [200, 404]
	},
	{
		...asIn6,
		what: 'A body needs no content-type to be read, and a file of no known type has none.',
		why: 'SvelteKit 2 drops such a body, and sirv sends an empty type.',
		cases: [
			'an endpoint fetches /unknown.xyz over the network',
			'POST without a content-type',
			'PUT text',
			'DELETE with a body',
			'PROPFIND with a body'
		],
		statuses: [200]
	},
	{
		...asIn6,
		what: 'HEAD does not wait for a body that fails, and an event stream keeps its own x-accel-buffering.',
		why: 'adapter-node 5 reads the body, and overwrites the header.',
		cases: [
			'HEAD a body: failing',
			'HEAD a body: failing-first',
			'GET a body: sse-own',
			'HEAD a body: sse-own'
		],
		statuses: [200]
	},
	{
		...asIn6,
		subjects: ['node'],
		what: 'A target that is no path gets to the app.',
		why: 'polka, of adapter-node 5, takes it for a route that it has not.',
		cases: ['OPTIONS *', 'absolute form'],
		statuses: [204, 404]
	}
];
