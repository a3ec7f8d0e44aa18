import { describe, expect, it } from 'vitest';
import type { HeaderPairs } from '../../../../src/server/engine/engine.ts';
import {
	isJudged,
	joinedRefusalStatus,
	refusalStatus
} from '../../../../src/server/engine/refusal.ts';
import { HostCheck } from '../../../../src/server/host.ts';

const host = ['host', 'example.com'] as const;

const accepted: [what: string, method: string, headers: HeaderPairs][] = [
	['an ordinary request', 'GET', [host]],
	['a rare method that Node knows', 'M-SEARCH', [host]],
	['the wish to go on', 'POST', [host, ['expect', '100-Continue']]],
	['a length', 'POST', [host, ['content-length', '0']]],
	['a long length', 'POST', [host, ['content-length', '00012345678901234567']]],
	['chunks', 'POST', [host, ['transfer-encoding', 'chunked']]],
	['chunks in another case', 'POST', [host, ['transfer-encoding', 'Chunked']]],
	['other headers that are repeated', 'GET', [host, ['cookie', 'a'], ['cookie', 'b']]],
	['an empty value', 'GET', [host, ['x-empty', '']]],
	['an empty host', 'GET', [['host', '']]]
];

const refused: [what: string, method: string, headers: HeaderPairs][] = [
	['an empty method', '', [host]],
	['a method in lower case', 'get', [host]],
	['a method that nobody knows', 'UNKNOWN', [host]],
	['a method that is no token', 'G(T', [host]],
	['a method outside of ASCII', 'GÉT', [host]],
	['a second host', 'GET', [host, ['host', 'other.example']]],
	['the same host twice', 'GET', [host, host]],
	['a host that is none', 'GET', [['host', 'a/rest/admin?x=']]],
	['a second length', 'POST', [host, ['content-length', '1'], ['content-length', '2']]],
	['the same length twice', 'POST', [host, ['content-length', '1'], ['content-length', '1']]],
	['an empty length', 'POST', [host, ['content-length', '']]],
	['a list of lengths', 'POST', [host, ['content-length', '1, 1']]],
	['a negative length', 'POST', [host, ['content-length', '-1']]],
	['a length with a sign', 'POST', [host, ['content-length', '+1']]],
	['a length with a space in it', 'POST', [host, ['content-length', '1 1']]],
	['a length in another base', 'POST', [host, ['content-length', '0x1']]],
	['an empty header name', 'GET', [host, ['', 'x']]],
	['another transfer coding', 'POST', [host, ['transfer-encoding', 'gzip']]],
	['two transfer codings', 'POST', [host, ['transfer-encoding', 'gzip, chunked']]],
	['chunks of chunks', 'POST', [host, ['transfer-encoding', 'chunked, chunked']]],
	['no transfer coding at all', 'POST', [host, ['transfer-encoding', '']]],
	['identity', 'POST', [host, ['transfer-encoding', 'identity']]],
	['a coding with a parameter', 'POST', [host, ['transfer-encoding', 'chunked;q=1']]],
	[
		// node:http answers this 400
		'chunks of chunks in two headers',
		'POST',
		[host, ['transfer-encoding', 'chunked'], ['transfer-encoding', 'chunked']]
	]
];

const status = (method: string, headers: HeaderPairs, target = '/') =>
	refusalStatus(
		{ method, target, judged: headers.filter(([name]) => isJudged(name)) },
		new HostCheck()
	);

/** As an engine says it that joins what is repeated. */
const joinedStatus = (method: string, headers: HeaderPairs, target = '/') => {
	const joined = new Headers(headers.map(([name, value]): [string, string] => [name, value]));
	const header = (name: string) => joined.get(name) ?? undefined;
	return joinedRefusalStatus({ method, target, header }, new HostCheck());
};

describe('joinedRefusalStatus', () => {
	it.each(accepted)('lets through %s', (_, method, headers) => {
		expect(joinedStatus(method, headers)).toBeUndefined();
	});

	// there no header is without a name
	it.each(refused.filter(([, , headers]) => headers.every(([name]) => name !== '')))(
		'refuses %s',
		(_, method, headers) => {
			expect(joinedStatus(method, headers)).toBe(400);
		}
	);

	it('refuses a target that is none, and what is expected besides to go on', () => {
		expect(joinedStatus('GET', [host], '/a b')).toBe(400);
		expect(joinedStatus('GET', [host], '*')).toBe(400);
		expect(joinedStatus('POST', [host, ['expect', 'more']])).toBe(417);
	});
});

describe('refusalStatus', () => {
	it.each(accepted)('lets through %s', (_, method, headers) => {
		expect(status(method, headers)).toBeUndefined();
	});

	it.each(refused)('refuses %s', (_, method, headers) => {
		expect(status(method, headers)).toBe(400);
	});

	it('refuses what it cannot live up to', () => {
		expect(status('POST', [host, ['expect', 'something-else']])).toBe(417);
	});

	it.each([
		'/gr\u00c3\u00bc\u00c3\u009fe',
		'/a?q=\u00fc',
		'/a b',
		'/a\tb',
		'',
		'*.evil/admin',
		'*x',
		'*'
	])('refuses the target %j', (target) => {
		expect(status('GET', [host], target)).toBe(400);
	});

	it('lets through the star of OPTIONS', () => {
		expect(status('OPTIONS', [host], '*')).toBeUndefined();
		expect(status('OPTIONS', [host], '*/')).toBe(400);
	});

	it.each(['http://a/', '/', '/a?b=c', '//a', '/%zz', "/~!$&'()*+,;=:@"])(
		'lets through the target %j',
		(target) => {
			expect(status('GET', [host], target)).toBeUndefined();
		}
	);
});
