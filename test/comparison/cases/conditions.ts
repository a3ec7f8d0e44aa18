import type { Case } from '../case.ts';
import { get, head, request, weak, type HeaderList } from '../requests.ts';

interface Condition {
	name: string;
	headers: (own: string, brotli: string) => HeaderList;
}

const conditions: Condition[] = [
	{ name: 'its own ETag', headers: (own) => ({ 'if-none-match': own }) },
	{ name: 'its weak ETag', headers: (own) => ({ 'if-none-match': weak(own) }) },
	{
		name: 'a lower-case weak ETag',
		headers: (own) => ({ 'if-none-match': weak(own).replace('W', 'w') })
	},
	{ name: 'another ETag', headers: () => ({ 'if-none-match': '"other"' }) },
	{ name: 'a list with its ETag', headers: (own) => ({ 'if-none-match': `"a", W/"b", ${own}` }) },
	{
		name: 'a list without spaces',
		headers: (own) => ({ 'if-none-match': `"a",${weak(own)},"c"` })
	},
	{ name: 'a list without its ETag', headers: () => ({ 'if-none-match': '"a", "b"' }) },
	{ name: 'any ETag', headers: () => ({ 'if-none-match': '*' }) },
	{ name: 'any ETag in a list', headers: () => ({ 'if-none-match': '"a", *' }) },
	{
		name: 'an ETag without quotes',
		headers: (own) => ({ 'if-none-match': own.replaceAll('"', '') })
	},
	{ name: 'an empty ETag', headers: () => ({ 'if-none-match': '""' }) },
	{ name: 'two headers', headers: (own) => ({ 'if-none-match': ['"a"', own] }) },
	{ name: 'the ETag of the brotli variant', headers: (_, br) => ({ 'if-none-match': br }) },
	{
		name: 'the ETag of the brotli variant, in brotli',
		headers: (_, br) => ({ 'if-none-match': br, 'accept-encoding': 'br' })
	},
	{
		name: 'its own ETag, in brotli',
		headers: (own) => ({ 'if-none-match': own, 'accept-encoding': 'br' })
	},
	{
		name: 'its own ETag and a range',
		headers: (own) => ({ 'if-none-match': own, range: 'bytes=0-4' })
	},
	{
		name: 'another ETag and a date',
		headers: () => ({
			'if-none-match': '"other"',
			'if-modified-since': 'Wed, 21 Oct 2065 07:28:00 GMT'
		})
	},
	{
		name: 'only a date',
		headers: () => ({ 'if-modified-since': 'Wed, 21 Oct 2065 07:28:00 GMT' })
	},
	{ name: 'if-match with another ETag', headers: () => ({ 'if-match': '"other"' }) }
];

const immutable = '_app/immutable/assets/large.*.txt';

export const conditionCases: Case[] = [
	...conditions.map(({ name, headers }): Case => ({
		name: `GET a file if it has not ${name}`,
		raw: ({ paths }) =>
			get('/plain.txt', headers(paths.etag('plain.txt'), paths.etag('plain.txt', '.br')))
	})),
	{
		name: 'HEAD a file if it has not its own ETag',
		raw: ({ paths }) => head('/plain.txt', { 'if-none-match': paths.etag('plain.txt') })
	},
	{
		name: 'POST a file if it has not its own ETag',
		raw: ({ paths }) => request('POST', '/plain.txt', { 'if-none-match': paths.etag('plain.txt') })
	},
	{
		name: 'GET an immutable file if it has changed',
		raw: ({ paths }) => {
			const path = paths.asset(immutable);
			return get(path, { 'if-none-match': paths.etag(path) });
		}
	},
	{
		name: 'GET a prerendered page if there is none',
		raw: get('/pre/never', { 'if-none-match': '*' })
	},
	{ name: 'GET a page if there is none', raw: get('/never', { 'if-none-match': '*' }) },
	{
		name: 'GET a missing file if there is none',
		raw: get('/missing.txt', { 'if-none-match': '*' })
	}
];
