import { describe, expect, it } from 'vitest';
import { Refusal, checkRequest } from '../../../../src/server/handshake/request.ts';
import { thrown } from '../../support/errors.ts';
import { FakeExchange } from '../../support/exchange.ts';

const handshake = {
	host: 'example.com',
	upgrade: 'websocket',
	connection: 'Upgrade',
	'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
	'sec-websocket-version': '13'
};

/** A handshake in which some headers differ; undefined leaves one out. */
function changed(headers: Record<string, string | undefined>): FakeExchange {
	const pairs = Object.entries<string | undefined>({ ...handshake, ...headers });
	return new FakeExchange({
		headers: pairs.filter((pair): pair is [string, string] => pair[1] !== undefined)
	});
}

function refusal(headers: Record<string, string | undefined>): Refusal {
	const error = thrown(() => checkRequest(changed(headers)));
	expect(error).toBeInstanceOf(Refusal);
	return error as Refusal;
}

describe('checkRequest', () => {
	it('lets a handshake through', () => {
		expect(() => checkRequest(changed({}))).not.toThrow();
	});

	it.each([undefined, '', '8', '12', '14', '13, 8', '013', 'thirteen'])(
		'refuses version %s with 426 and the version that is spoken here',
		(version) => {
			expect(refusal({ 'sec-websocket-version': version })).toMatchObject({
				status: 426,
				headers: [['sec-websocket-version', '13']]
			});
		}
	);

	it.each([
		undefined,
		'',
		'short',
		'dGhlIHNhbXBsZSBub25jZQ',
		'dGhlIHNhbXBsZSBub25jZQ===',
		'dGhlIHNhbXBsZSBub25jZR==',
		'dGhlIHNhbXBsZSBub25j-Q==',
		'dGhlIHNhbXBsZSBub25jZSAxNw==',
		'AAAAAAAAAAAAAAAAAAAAAA==, AAAAAAAAAAAAAAAAAAAAAA=='
	])('refuses the key %s, which is not 16 bytes in base64, with 400', (key) => {
		expect(refusal({ 'sec-websocket-key': key })).toMatchObject({ status: 400 });
	});

	it('lets through the key of any 16 bytes', () => {
		for (let byte = 0; byte < 256; byte += 1) {
			const key = Buffer.alloc(16, byte).toString('base64');
			expect(() => checkRequest(changed({ 'sec-websocket-key': key }))).not.toThrow();
		}
	});

	it('tells the client what was wrong', () => {
		expect(refusal({ 'sec-websocket-key': undefined }).message).toContain('sec-websocket-key');
		expect(refusal({ 'sec-websocket-version': '8' }).message).toContain('13');
	});
});
