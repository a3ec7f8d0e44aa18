import { describe, expect, it } from 'vitest';
import { asksForWebSocket } from '../../../../src/server/engine/upgrade.ts';

describe('asksForWebSocket', () => {
	it.each([
		'websocket',
		'WebSocket',
		'WEBSOCKET',
		' websocket ',
		'h2c, websocket',
		'websocket,h2c'
	])('is true for a GET with Upgrade: %s', (upgrade) => {
		expect(asksForWebSocket('GET', upgrade)).toBe(true);
	});

	it.each([undefined, '', 'h2c', 'websockets', 'my-websocket', 'websocket/13', 'web socket'])(
		'is false for Upgrade: %j',
		(upgrade) => {
			expect(asksForWebSocket('GET', upgrade)).toBe(false);
		}
	);

	it.each(['POST', 'HEAD', 'get', 'CONNECT', undefined])('is false for the method %s', (method) => {
		expect(asksForWebSocket(method, 'websocket')).toBe(false);
	});
});
