import { error } from '@sveltejs/kit';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../../src/server/handshake/request.ts';
import { chooseProtocol, offeredProtocols } from '../../../../src/server/handshake/subprotocols.ts';
import type { AnyHandler, UpgradeEvent } from '../../../../src/server/socket/handler.ts';
import { thrown } from '../../support/errors.ts';
import { fakeEvent } from '../../support/event.ts';
import { FakeExchange, type Asked } from '../../support/exchange.ts';

const offered = (headers: Asked['headers']) => offeredProtocols(new FakeExchange({ headers }));

describe('offeredProtocols', () => {
	it.each([
		['chat', ['chat']],
		['chat, superchat', ['chat', 'superchat']],
		[' a ,b,\tc ', ['a', 'b', 'c']],
		['Chat, chat', ['Chat', 'chat']],
		["!#$%&'*+-.^_`|~09azAZ", ["!#$%&'*+-.^_`|~09azAZ"]]
	])('reads %j in its order', (header, protocols) => {
		expect(offered({ 'sec-websocket-protocol': header })).toEqual(protocols);
	});

	it('reads a header that is repeated', () => {
		const headers: [string, string][] = [
			['sec-websocket-protocol', 'a'],
			['sec-websocket-protocol', 'b, c']
		];
		expect(offered(headers)).toEqual(['a', 'b', 'c']);
	});

	it('is empty without the header', () => {
		expect(offered({})).toEqual([]);
	});

	it.each([
		'',
		' ',
		'a,',
		',a',
		'a,,b',
		'a b',
		'a;b',
		'a/b',
		'{"a":1}',
		'\u00e9',
		'a\u0001',
		'a, b, a'
	])('refuses %j, of which nothing could be sent back', (header) => {
		const refusal = thrown(() => offered({ 'sec-websocket-protocol': header }));
		expect(refusal).toBeInstanceOf(Refusal);
		expect(refusal).toMatchObject({ status: 400 });
	});
});

async function choose(
	protocols: AnyHandler['protocols'],
	given: string[]
): Promise<string | undefined> {
	const event: UpgradeEvent = { ...fakeEvent().event, params: { room: 'lobby' }, protocols: given };
	return await chooseProtocol({ id: '/chat/[room]', handler: { protocols } }, given, event);
}

describe('the subprotocol that is chosen', () => {
	it.each([
		[['v2', 'v1'], ['v1', 'v2'], 'v2'],
		[['v2', 'v1'], ['v1', 'other'], 'v1'],
		[['v2'], ['v1'], undefined],
		[['v2'], [], undefined],
		[undefined, ['v1'], undefined]
	])('of %j, where %j are offered, is %j', async (spoken, given, chosen) => {
		expect(await choose(spoken, given)).toBe(chosen);
	});

	it('may be chosen by a function, which knows the event', async () => {
		const seen: unknown[] = [];
		const chosen = await choose(
			(given, { params, protocols }) => {
				seen.push(given, params, protocols);
				return given.at(-1);
			},
			['other', 'token']
		);
		expect(chosen).toBe('token');
		expect(seen).toEqual([['other', 'token'], { room: 'lobby' }, ['other', 'token']]);
	});

	it('may be none, and may be waited for', async () => {
		expect(await choose(() => undefined, ['a'])).toBeUndefined();
		expect(await choose(() => null as unknown as undefined, ['a'])).toBeUndefined();
		expect(await choose((given) => Promise.resolve(given[0]), ['a'])).toBe('a');
	});

	it('is one of those that the client offers, whatever the function does to its list', async () => {
		const chosen = choose(
			(given) => {
				given.push('c');
				return 'c';
			},
			['a', 'b']
		);
		await expect(chosen).rejects.toMatchObject({
			code: 'bad_value',
			message:
				'[svelte-adapter-ws] The function protocols of /chat/[room] has chosen a subprotocol that the client does not offer ("c"). ' +
				'Return one of those that it is given, or undefined for none.'
		});
		for (const nonsense of ['', 7, true, ['a']]) {
			const returned = choose(() => nonsense as string, ['a']);
			await expect(returned).rejects.toMatchObject({ code: 'bad_value' });
		}
	});

	it('may be refused by the function, as by upgrade', async () => {
		await expect(choose(() => error(401, 'no'), ['a'])).rejects.toMatchObject({ status: 401 });
	});
});
