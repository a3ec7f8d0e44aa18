import { withVariant, type Case } from '../case.ts';
import { get, head, post, request, urlencoded } from '../requests.ts';

const basePaths = [
	'/',
	'/base',
	'/base/',
	'/base?a=1',
	'/base/?a=1',
	'/base//',
	'/BASE',
	'/based',
	'/plain.txt',
	'/base/plain.txt',
	'/base/plain.txt/',
	'/base/gr%C3%BC%C3%9Fe.txt',
	'/base/docs',
	'/base/docs/',
	'/base/.well-known/security.txt',
	'/.well-known/security.txt',
	'/base/.hidden.txt',
	'/never',
	'/base/never',
	'/base/never/',
	'/base/slash',
	'/base/slash/',
	'/base/either/',
	'/base/pre/never',
	'/base/pre/never/',
	'/base/pre/never/?a=1',
	'/base/pre/always',
	'/base/pre/always/',
	'/base/pre/data/__data.json',
	'/base/pre/feed.xml',
	'/base/pre/redirect',
	'/base/pre/redirect-endpoint',
	'/pre/never',
	'/base/never/__data.json',
	'/base/nowhere',
	'/nowhere',
	'/base/api/echo?a=1',
	'/api/echo',
	'/base/api/fetch?to=/base/api/echo',
	'/base/api/fetch?to=echo',
	'/base/api/read?large',
	'/base/api/process',
	'/base/redirect',
	'/base/stream',
	'/base/params/a/b',
	'/base/_app/version.json',
	'/_app/version.json',
	'/base/%zz',
	'/base/../base/never',
	'/base%2Fnever',
	'/%62ase/never'
];

const base: Case[] = [
	...basePaths.map((target): Case => ({
		name: `GET with a base path ${target}`,
		raw: get(target)
	})),
	{ name: 'HEAD a file below a base path', raw: head('/base/plain.txt') },
	{ name: 'POST a file below a base path', raw: request('POST', '/base/plain.txt') },
	{
		name: 'GET an immutable file below a base path',
		raw: ({ paths }) =>
			get(paths.asset('_app/immutable/assets/large.*.txt'), { 'accept-encoding': 'gzip' })
	},
	{
		name: 'a form action below a base path',
		raw: post('/base/form?/redirect', 'a=1', { ...urlencoded, accept: 'text/html' })
	},
	{
		name: 'a form below a base path from another origin',
		raw: post('/base/form?/success', 'a=1', { ...urlencoded, origin: 'https://evil.example' })
	}
];

const pinned = 'https://pinned.example:8443';

const origin: Case[] = [
	{ name: 'a pinned origin: another host', raw: get('/api/echo') },
	{ name: 'a pinned origin: its host', raw: get('/api/echo', { host: 'pinned.example:8443' }) },
	{ name: 'a pinned origin: an empty host', raw: get('/api/echo', { host: ' ' }) },
	{ name: 'a pinned origin: a bad host', raw: get('/api/echo', { host: 'a b' }) },
	{ name: 'a pinned origin: no host', raw: get('/api/echo', { host: '', accept: '*/*' }) },
	{ name: 'a pinned origin: a bad target', raw: get('//') },
	{ name: 'a pinned origin: a page', raw: get('/never?a=1') },
	{ name: 'a pinned origin: a redirect', raw: get('/never/?a=1') },
	{
		name: 'a pinned origin: a form from it',
		raw: post('/form?/success', 'a=1', { ...urlencoded, accept: 'text/html', origin: pinned })
	},
	{
		name: 'a pinned origin: a form from the host',
		raw: post('/form?/success', 'a=1', { ...urlencoded, accept: 'text/html' })
	},
	{
		name: 'a pinned origin: headers of a proxy that do not matter',
		env: { PROTOCOL_HEADER: 'x-forwarded-proto', HOST_HEADER: 'x-forwarded-host' },
		raw: get('/api/echo', { 'x-forwarded-proto': 'ht:tp', 'x-forwarded-host': 'a b' })
	}
];

/** Variables with a prefix, and nothing precompressed. */
const prefix: Case[] = [
	{
		name: 'without variants: a file in brotli',
		raw: get('/plain.txt', { 'accept-encoding': 'br' })
	},
	{
		name: 'without variants: a page in gzip',
		raw: get('/pre/data', { 'accept-encoding': 'gzip' })
	},
	{
		name: 'without variants: a part of a file',
		raw: get('/plain.txt', { range: 'bytes=0-9', 'accept-encoding': 'br' })
	},
	{ name: 'a static index: /', raw: get('/') },
	{ name: 'a static index: /index.html', raw: get('/index.html') },
	{ name: 'a static index: /?a=1', raw: get('/?a=1') },
	{ name: 'a static index: HEAD /', raw: head('/') },
	{ name: 'a static index: POST /', raw: request('POST', '/') },
	{ name: 'a prefix: the app has its own variables without it', raw: get('/api/process') },
	{
		name: 'a prefix: the address header that it names',
		env: { ADDRESS_HEADER: 'x-real-ip' },
		raw: get('/api/echo', { 'x-real-ip': '1.2.3.4' })
	},
	{
		name: 'a prefix: the address header that it names, absent',
		env: { ADDRESS_HEADER: 'x-real-ip' },
		raw: get('/api/echo')
	},
	{
		name: 'a prefix: too few addresses',
		env: { ADDRESS_HEADER: 'x-forwarded-for', XFF_DEPTH: '2' },
		raw: get('/api/echo', { 'x-forwarded-for': '1.2.3.4' })
	}
];

export const variantCases: Case[] = [
	...withVariant('base', base),
	...withVariant('origin', origin),
	...withVariant('prefix', prefix)
];
