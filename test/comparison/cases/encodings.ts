import type { Case } from '../case.ts';
import { get, head } from '../requests.ts';

const accepted = [
	'',
	'br',
	'gzip',
	'gzip, deflate, br, zstd',
	'deflate',
	'identity',
	'*',
	'*;q=0',
	'*;q=0.5, gzip;q=0.1',
	'br;q=0',
	'br;q=0, gzip',
	'br;q=0.5, gzip;q=0.8',
	'br;q=0.8, gzip;q=0.8',
	'gzip;q=1.0, br;q=0.999',
	'identity;q=0',
	'identity;q=0, br',
	'identity;q=1, *;q=0',
	'gzip;q=0, *',
	'BR',
	'GZip',
	'x-gzip',
	' br ',
	'br ; q=1',
	'br;Q=0',
	'br; q = 0',
	'br;q=',
	'br;q=abc',
	'br;q=-1',
	'br;q=2',
	'br;q=1e3',
	'br;q=0;q=1',
	'br;q=1;q=0',
	'br;q=0.5;x=1, gzip;q=0.4',
	'br;x=1;q=0.1, gzip;q=0.4',
	'br;q=0, br',
	'br, br;q=0',
	',,,',
	';',
	';q=1',
	'br,,gzip',
	'br gzip',
	'br\t,gzip',
	'"br"',
	'gzip;q=.9, br;q=.8'
];

function accepting(target: string, value: string): Case {
	return {
		name: `GET ${target} with accept-encoding ${JSON.stringify(value)}`,
		raw: get(target, { 'accept-encoding': value })
	};
}

export const encodingCases: Case[] = [
	...accepted.map((value) => accepting('/plain.txt', value)),
	...['br', 'gzip', '*'].flatMap((value) => [
		accepting('/large.txt', value),
		accepting('/two-megabytes.bin', value),
		accepting('/empty.txt', value),
		accepting('/image.svg', value),
		accepting('/docs', value),
		accepting('/pre/data', value),
		accepting('/pre/data/__data.json', value),
		accepting('/pre/json', value),
		accepting('/pre/feed.xml', value),
		accepting('/never', value),
		accepting('/gr%C3%BC%C3%9Fe.txt', value)
	]),
	{
		name: 'accept-encoding twice',
		raw: get('/plain.txt', { 'accept-encoding': ['gzip;q=0.5', 'br'] })
	},
	{ name: 'HEAD in brotli', raw: head('/plain.txt', { 'accept-encoding': 'br' }) },
	{ name: 'HEAD in gzip', raw: head('/plain.txt', { 'accept-encoding': 'gzip' }) }
];
