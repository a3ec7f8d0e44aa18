import { describe, expect, it } from 'vitest';
import { asksForWebSocket } from '../../../../src/server/engine/upgrade.ts';

/** A good request in which something may differ. */
function asks(differing: { method?: string; upgrade?: string; connection?: string } = {}): boolean {
	const { method, ...headers } = {
		method: 'GET',
		upgrade: 'websocket',
		connection: 'Upgrade',
		...differing
	};
	return asksForWebSocket({ method, header: (name) => headers[name] });
}

describe('asksForWebSocket', () => {
	it.each([
		'websocket',
		'WebSocket',
		'WEBSOCKET',
		' websocket ',
		'h2c, websocket',
		'websocket,h2c'
	])('is true for a GET with Upgrade: %s', (upgrade) => {
		expect(asks({ upgrade })).toBe(true);
	});

	it.each([undefined, '', 'h2c', 'websockets', 'my-websocket', 'websocket/13', 'web socket'])(
		'is false for Upgrade: %j',
		(upgrade) => {
			expect(asks({ upgrade })).toBe(false);
		}
	);

	it.each(['Upgrade', 'upgrade', 'keep-alive, Upgrade', 'Upgrade,keep-alive', ' UPGRADE '])(
		'is true with Connection: %s',
		(connection) => {
			expect(asks({ connection })).toBe(true);
		}
	);

	it.each([undefined, '', 'keep-alive', 'close', 'upgraded', 'no-upgrade'])(
		'is false with Connection: %j',
		(connection) => {
			expect(asks({ connection })).toBe(false);
		}
	);

	it.each(['POST', 'HEAD', 'get', 'CONNECT', undefined])('is false for the method %s', (method) => {
		expect(asks({ method })).toBe(false);
	});
});
