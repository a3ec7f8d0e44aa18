import type { Case, Target } from '../case.ts';
import { get, head, request, weak } from '../requests.ts';

const ranges = [
	'bytes=0-4',
	'bytes=0-0',
	'bytes=1-1',
	'bytes=100-199',
	'bytes=2000-',
	'bytes=0-',
	'bytes=1999-1999',
	'bytes=1999-2000',
	'bytes=-1',
	'bytes=-100',
	'bytes=-2040',
	'bytes=-99999',
	'bytes=-0',
	'bytes=0-99999',
	'bytes=2040-',
	'bytes=2040-2041',
	'bytes=99999-',
	'bytes=5-4',
	'bytes=-',
	'bytes=',
	'bytes',
	'bytes=a-b',
	'bytes=0-b',
	'bytes=0 - 4',
	' bytes=0-4 ',
	'bytes= 0-4',
	'bytes=0-4,',
	'bytes=0-4,10-14',
	'bytes=0-4, -5',
	'bytes=0--4',
	'bytes=+0-4',
	'bytes=0x0-0x4',
	'bytes=1.5-4',
	'bytes=00-04',
	'bytes=0-99999999999999999999',
	'bytes=99999999999999999999-',
	'bytes=-99999999999999999999',
	'Bytes=0-4',
	'BYTES=0-4',
	'items=0-4',
	'none',
	''
];

function etagOf({ paths }: Target, variant?: '.br'): string {
	return paths.etag('plain.txt', variant);
}

const conditions: [name: string, value: (target: Target) => string][] = [
	['its own ETag', (target) => etagOf(target)],
	['its weak ETag', (target) => weak(etagOf(target))],
	['a stale ETag', () => '"stale"'],
	['the ETag of the brotli variant', (target) => etagOf(target, '.br')],
	['a date', () => 'Wed, 21 Oct 2065 07:28:00 GMT'],
	['an old date', () => 'Wed, 21 Oct 1965 07:28:00 GMT'],
	['nonsense', () => 'nonsense'],
	['any ETag', () => '*'],
	['a list', (target) => `${etagOf(target)}, "b"`],
	['spaces around it', (target) => `  ${etagOf(target)}  `]
];

const part = { range: 'bytes=10-19' };

export const rangeCases: Case[] = [
	...ranges.map((range): Case => ({
		name: `GET with range ${JSON.stringify(range)}`,
		raw: get('/plain.txt', { range: range === '' ? ' ' : range })
	})),
	...conditions.map(([name, value]): Case => ({
		name: `GET a range if it is still ${name}`,
		raw: (target) => get('/plain.txt', { ...part, 'if-range': value(target) })
	})),
	{
		name: 'GET a range of the brotli variant',
		raw: get('/plain.txt', { ...part, 'accept-encoding': 'br' })
	},
	{
		name: 'GET a range of the brotli variant if it is still its ETag',
		raw: (target) =>
			get('/plain.txt', { ...part, 'accept-encoding': 'br', 'if-range': etagOf(target, '.br') })
	},
	{
		name: 'GET a range of the brotli variant if it is still the ETag of the file',
		raw: (target) =>
			get('/plain.txt', { ...part, 'accept-encoding': 'br', 'if-range': etagOf(target) })
	},
	{
		name: 'GET a range beyond the brotli variant, but not beyond the file',
		raw: get('/plain.txt', { range: 'bytes=1000-1009', 'accept-encoding': 'br' })
	},
	{ name: 'GET two range headers', raw: get('/plain.txt', { range: ['bytes=0-1', 'bytes=2-3'] }) },
	{ name: 'GET a range of an empty file', raw: get('/empty.txt', { range: 'bytes=0-' }) },
	{ name: 'GET the end of an empty file', raw: get('/empty.txt', { range: 'bytes=-1' }) },
	{ name: 'GET all of a file of one byte', raw: get('/one-byte.txt', { range: 'bytes=0-0' }) },
	{
		name: 'GET the middle of a large file',
		raw: get('/two-megabytes.bin', { range: 'bytes=65530-1500000' })
	},
	{
		name: 'GET the end of a large file',
		raw: get('/two-megabytes.bin', { range: 'bytes=-70000' })
	},
	{
		name: 'GET a part of the large brotli variant',
		raw: get('/large.txt', { range: 'bytes=70000-140000', 'accept-encoding': 'br' })
	},
	{ name: 'HEAD a range', raw: head('/plain.txt', part) },
	{ name: 'HEAD a range that cannot be', raw: head('/plain.txt', { range: 'bytes=9999-' }) },
	{ name: 'POST a range', raw: request('POST', '/plain.txt', part) },
	{ name: 'GET a range of a prerendered page', raw: get('/pre/never', part) },
	{ name: 'GET a range of a page', raw: get('/never', part) },
	{ name: 'GET a range of an endpoint', raw: get('/api/body/string', part) }
];
