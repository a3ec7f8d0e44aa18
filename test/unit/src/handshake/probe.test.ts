import { describe, expect, it } from 'vitest';
import { allowProbe, isProbe, ProbeExchange } from '../../../../src/server/handshake/probe.ts';
import { FakeExchange } from '../../support/exchange.ts';

const asking = (headers: Record<string, string>, method = 'GET') =>
	new FakeExchange({ method, headers });

/** The answer to a probe with these headers, where the app answers so. */
async function answered(
	headers: Record<string, string>,
	status: number,
	given: [string, string][] = []
) {
	const exchange = asking(headers);
	await new ProbeExchange(exchange).send({ status, headers: given }, null);
	const head = exchange.sent[0]?.head;
	return { status: head?.status, headers: Object.fromEntries(head?.headers ?? []) };
}

describe('a probe', () => {
	it.each([
		['1', true],
		['1,chat', true],
		['', false],
		['0', false],
		['11', false],
		['yes', false]
	])('is a GET with the value %j: %s', (value, expected) => {
		expect(isProbe(asking({ 'x-websocket-probe': value }))).toBe(expected);
		expect(isProbe(asking({ 'x-websocket-probe': value }, 'POST'))).toBe(false);
	});

	it.each([
		['x-websocket-probe', true],
		['X-WebSocket-Origin, X-WebSocket-Probe', true],
		['content-type, x-websocket-probe', true],
		['content-type', false],
		['x-websocket-probe-other', false],
		['', false]
	])('is preceded by a question for %j: %s', (names, expected) => {
		const headers = { 'access-control-request-headers': names };
		expect(isProbe(asking(headers, 'OPTIONS'))).toBe(expected);
		expect(isProbe(asking(headers))).toBe(false);
	});

	it('may be sent by pages of every origin, with cookies', async () => {
		const exchange = asking({ origin: 'https://other.example' }, 'OPTIONS');
		await allowProbe(exchange);
		expect(exchange.sent[0]?.head.status).toBe(204);
		expect(Object.fromEntries(exchange.sent[0]?.head.headers ?? [])).toMatchObject({
			'access-control-allow-headers': 'x-websocket-probe, x-websocket-origin',
			'access-control-max-age': '600',
			'access-control-allow-origin': 'https://other.example',
			'access-control-allow-credentials': 'true'
		});
	});
});

describe('a header of a handshake that a probe cannot have', () => {
	const header = (headers: Record<string, string>, name: string) =>
		new ProbeExchange(asking(headers)).header(name);

	it('is that of the subprotocols: they stand in its own', () => {
		const name = 'sec-websocket-protocol';
		expect(header({ 'x-websocket-probe': '1,v1,v2' }, name)).toBe('v1,v2');
		expect(header({ 'x-websocket-probe': '1' }, name)).toBeUndefined();
		expect(header({ 'x-websocket-probe': '1,' }, name)).toBeUndefined();
		expect(header({ 'x-websocket-probe': '1,v1', [name]: 'v3' }, name)).toBe('v1');
	});

	it('is the origin on the own host; where the browser names it, nothing else counts', () => {
		const own = { 'x-websocket-origin': 'https://example.com' };
		expect(header(own, 'origin')).toBe('https://example.com');
		expect(header({ ...own, origin: 'https://evil.example' }, 'origin')).toBe(
			'https://evil.example'
		);
		expect(header({}, 'origin')).toBeUndefined();
	});
});

describe('the answer to a probe', () => {
	it.each([301, 302, 303, 307, 308])(
		'is 403 for the redirect %i, which no script could read',
		async (status) => {
			const answer = await answered({}, status, [['location', '/login']]);
			expect(answer).toEqual({
				status: 403,
				headers: {
					location: '/login',
					'x-websocket-probe': '1',
					'x-websocket-redirect': String(status)
				}
			});
		}
	);

	it.each([200, 204, 300, 304, 401, 503])('is what a handshake is answered: %i', async (status) => {
		expect(await answered({}, status)).toEqual({ status, headers: { 'x-websocket-probe': '1' } });
	});

	it('may be read by a page of whatever origin, and by no other page', async () => {
		const { headers } = await answered({ origin: 'https://other.example' }, 503, [
			['retry-after', '7'],
			['access-control-allow-origin', '*'],
			['access-control-allow-credentials', 'false'],
			['access-control-expose-headers', 'x-app']
		]);
		expect(headers).toEqual({
			'retry-after': '7',
			'x-websocket-probe': '1',
			'access-control-allow-origin': 'https://other.example',
			'access-control-allow-credentials': 'true',
			'access-control-expose-headers':
				'x-websocket-probe, x-websocket-redirect, location, retry-after',
			vary: 'origin'
		});
	});
});
