import type { AssetTable, Handoff } from '../../../../src/shared/handoff.ts';

/** The files of a build in which everything is that static serving has to tell apart, with their content. */
export const files: Record<string, string> = {
	'client/base/index.html': '<h1>index</h1>',
	'client/base/about.html': '<h1>about</h1>',
	'client/base/docs/index.html': '<h1>docs</h1>',
	'client/base/robots.txt': 'User-agent: *',
	'client/base/empty.txt': '',
	'client/base/unknown.xyz': 'what is this',
	'client/base/LICENSE': 'no extension',
	'client/base/with space.txt': 'a space',
	'client/base/naïve.txt': 'latin1',
	'client/base/日本.txt': 'not latin1',
	'client/base/100%.txt': 'percent',
	'client/base/a?b.txt': 'question',
	'client/base/.well-known/security.txt': 'Contact: me',
	'client/base/_app/immutable/entry/start.abc.js': 'console.log("0123456789")',
	'client/base/_app/immutable/entry/start.abc.js.gz': 'GZIP-GZIP',
	'client/base/_app/immutable/entry/start.abc.js.br': 'BR-BR',
	'client/base/_app/version.json': '{"version":"1"}',
	'client/base/only.css': 'body { color: red }',
	'client/base/only.css.gz': 'GZIP',
	'client/base/both.html': '<h1>client wins</h1>',
	'prerendered/base/both.html': '<h1>prerendered loses</h1>',
	'prerendered/base/page.html': '<h1>page</h1>',
	'prerendered/base/page.html.gz': 'PAGE-GZIP',
	'prerendered/base/page.html.br': 'PAGE-BR',
	'prerendered/base/blog/index.html': '<h1>blog</h1>',
	'prerendered/base/a:b.html': '<h1>colon</h1>',
	'prerendered/base/feed.xml': '<rss/>',
	'prerendered/base/_app/immutable/page.html': '<h1>below immutable</h1>'
};

const size = (path: string) => Buffer.byteLength(files[path] ?? '');

function entry(folder: string, file: string): AssetTable['entries'][number] {
	const path = `${folder}/base/${file}`;
	const gz = size(`${path}.gz`);
	const br = size(`${path}.br`);
	const variants = { ...(gz > 0 && { gz }), ...(br > 0 && { br }) };
	return [`/base/${file}`, { file, size: size(path), etag: `etag of ${file}`, ...variants }];
}

const client = Object.keys(files).filter(
	(path) => path.startsWith('client/') && !/\.(?:gz|br)$/.test(path)
);

const page = (path: string, file: string): AssetTable['entries'][number] => [
	path,
	entry('prerendered', file)[1]
];

export const tables: Omit<
	Pick<Handoff, 'dir' | 'base' | 'appPath' | 'mimeTypes' | 'assets' | 'prerendered'>,
	'dir'
> = {
	base: '/base',
	appPath: 'base/_app',
	mimeTypes: {
		'.html': 'text/html',
		'.txt': 'text/plain',
		'.js': 'text/javascript',
		'.css': 'text/css',
		'.json': 'application/json',
		'.xml': 'text/xml'
	},
	assets: {
		entries: client.map((path) => entry('client', path.slice('client/base/'.length))),
		aliases: [
			['/base/', '/base/index.html'],
			['/base', '/base/index.html'],
			['/base/about', '/base/about.html'],
			['/base/about/', '/base/about.html'],
			['/base/docs', '/base/docs/index.html'],
			['/base/docs/', '/base/docs/index.html']
		]
	},
	prerendered: {
		entries: [
			page('/base/both.html', 'both.html'),
			page('/base/page', 'page.html'),
			page('/base/blog/', 'blog/index.html'),
			page('/base/a:b', 'a:b.html'),
			page('/base/feed.xml', 'feed.xml'),
			page('/base/_app/immutable/page', '_app/immutable/page.html')
		],
		aliases: []
	}
};

export interface StaticRequest {
	method?: string;
	target: string;
	headers?: Record<string, string>;
}

const script = '/base/_app/immutable/entry/start.abc.js';

const plain: StaticRequest[] = [
	'/base/',
	'/base',
	'/',
	'/base/index.html',
	'/base/about',
	'/base/about/',
	'/base/about.html',
	'/base/docs',
	'/base/docs/',
	'/base/robots.txt',
	'/base/robots.txt?x=1',
	'/base/robots.txt/',
	'/base/ROBOTS.TXT',
	'/robots.txt',
	'/base//robots.txt',
	'/base/./robots.txt',
	'/base/docs/../robots.txt',
	'/base/%2e%2e/robots.txt',
	'/base/empty.txt',
	'/base/unknown.xyz',
	'/base/LICENSE',
	'/base/with%20space.txt',
	'/base/with space.txt',
	'/base/with+space.txt',
	'/base/na%C3%AFve.txt',
	'/base/na%c3%afve.txt',
	'/base/na%EFve.txt',
	'/base/%E6%97%A5%E6%9C%AC.txt',
	'/base/%72obots.txt',
	'/base/100%25.txt',
	'/base/100%.txt',
	'/base/a%3Fb.txt',
	'/base/a?b.txt',
	'/base%2Frobots.txt',
	'/base/.well-known/security.txt',
	'/base/%2Ewell-known/security.txt',
	'/base/.env',
	'/base/_app/version.json',
	script,
	`${script}.gz`,
	'/base/both.html',
	'/base/both',
	'/base/page',
	'/base/page/',
	'/base/page/?a=1&b=%20',
	'/base/page.html',
	'/base/blog',
	'/base/blog?x',
	'/base/blog/',
	'/base/a:b',
	'/base/a:b/',
	'/base/feed.xml',
	'/base/feed.xml/',
	'/base/_app/immutable/page',
	'/base/missing'
].map((target) => ({ target }));

const methods: StaticRequest[] = [
	'HEAD',
	'POST',
	'PUT',
	'DELETE',
	'OPTIONS',
	'PATCH',
	'head'
].flatMap((method) => [
	{ method, target: '/base/robots.txt' },
	{ method, target: '/base/page/' },
	{ method, target: '/base/missing' }
]);

const encodings: StaticRequest[] = [
	'',
	'gzip',
	'br',
	'gzip, br',
	'br;q=0.5, gzip;q=0.8',
	'br;q=0.8, gzip;q=0.8',
	'br;q=0, gzip',
	'br;q=0',
	'gzip;q=0, br;q=0',
	'*',
	'*;q=0',
	'*;q=0.5, br;q=0',
	'br, *;q=0',
	'identity',
	'identity;q=1, br;q=0.1',
	'BR',
	'GZIP;Q=0.3',
	'gzip;q=',
	'gzip;q=x',
	'gzip; q=0.2 , br ; q=0.1',
	'gzip;q=0;q=1',
	'gzip;level=1;q=0',
	'gzip;q=1.000',
	'deflate',
	'x-gzip',
	',,gzip,,',
	'zstd, br;q=-1'
].flatMap((encoding) => [
	{ target: script, headers: { 'accept-encoding': encoding } },
	{ target: '/base/only.css', headers: { 'accept-encoding': encoding } }
]);

const etag = '"etag of robots.txt"';
const scriptEtag = '"etag of _app/immutable/entry/start.abc.js"';

const conditions: StaticRequest[] = [
	...[
		etag,
		`W/${etag}`,
		'*',
		' * ',
		`"x", ${etag}`,
		`"x",W/${etag} ,"y"`,
		'"x"',
		'',
		'etag of robots.txt',
		`${etag}x`
	].map((value) => ({ target: '/base/robots.txt', headers: { 'if-none-match': value } })),
	{ target: script, headers: { 'if-none-match': scriptEtag } },
	{ target: script, headers: { 'if-none-match': scriptEtag, 'accept-encoding': 'br' } },
	{
		target: script,
		headers: { 'if-none-match': scriptEtag.replace(/"$/, '.br"'), 'accept-encoding': 'br' }
	},
	{ method: 'HEAD', target: '/base/robots.txt', headers: { 'if-none-match': etag } },
	{ method: 'POST', target: '/base/robots.txt', headers: { 'if-none-match': etag } },
	{
		target: '/base/robots.txt',
		headers: { 'if-none-match': etag, range: 'bytes=0-1' }
	},
	{ target: '/base/page/', headers: { 'if-none-match': '*' } }
];

const ranges: StaticRequest[] = [
	...[
		'bytes=0-3',
		'bytes=0-0',
		'bytes=4-',
		'bytes=-4',
		'bytes=-0',
		'bytes=-1000',
		'bytes=0-1000',
		'bytes=12-12',
		'bytes=13-',
		'bytes=13-20',
		'bytes=5-2',
		'bytes=99999999999999999999-',
		'bytes=0-99999999999999999999',
		'bytes=-',
		'bytes=',
		'bytes=0-1,3-4',
		'bytes=a-b',
		'bytes = 0-1',
		'Bytes=0-1',
		'items=0-1',
		' bytes=0-1',
		''
	].map((range) => ({ target: '/base/robots.txt', headers: { range } })),
	{ target: '/base/empty.txt', headers: { range: 'bytes=0-' } },
	{ target: '/base/empty.txt', headers: { range: 'bytes=-1' } },
	{ method: 'HEAD', target: '/base/robots.txt', headers: { range: 'bytes=0-3' } },
	{ target: script, headers: { range: 'bytes=0-3', 'accept-encoding': 'br' } },
	{ target: '/base/page', headers: { range: 'bytes=1-2', 'accept-encoding': 'gzip' } },
	{ target: '/base/robots.txt', headers: { range: 'bytes=0-3', 'if-range': etag } },
	{ target: '/base/robots.txt', headers: { range: 'bytes=0-3', 'if-range': `W/${etag}` } },
	{ target: '/base/robots.txt', headers: { range: 'bytes=0-3', 'if-range': '"older"' } },
	{ target: '/base/robots.txt', headers: { range: 'bytes=0-3', 'if-range': '' } },
	{
		target: '/base/robots.txt',
		headers: { range: 'bytes=0-3', 'if-range': 'Wed, 21 Oct 2015 07:28:00 GMT' }
	},
	{
		target: script,
		headers: { range: 'bytes=0-1', 'if-range': scriptEtag, 'accept-encoding': 'br' }
	}
];

/** By what is asked for. */
export const requests: Record<string, StaticRequest> = Object.fromEntries(
	[...plain, ...methods, ...encodings, ...conditions, ...ranges].map((request) => [
		describeRequest(request),
		request
	])
);

function describeRequest({ method = 'GET', target, headers = {} }: StaticRequest): string {
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
	return [`${method} ${target}`, ...lines].join(', ');
}
