import { describe, expect, it } from 'vitest';
import { causeOf, toIdleTimeout } from '../../../../src/server/engine/inherited.ts';

describe('the idle timeout of uWebSockets.js and of Bun', () => {
	it.each([
		[0, 0],
		[8, 12],
		[120, 124],
		[956, 960],
		[960, 960]
	])('is never shorter than %d seconds, nor longer than what is allowed', (seconds, given) => {
		expect(toIdleTimeout(seconds)).toBe(given);
	});
});

describe('why a socket was ended', () => {
	it.each([
		['Received too big message', 'too_big'],
		['WebSocket timed out from inactivity', 'idle'],
		['Received invalid UTF-8', 'invalid'],
		['Received invalid WebSocket frame', 'invalid'],
		['Received invalid close payload', undefined],
		['', undefined]
	])('is known of %j', (said, cause) => {
		expect(causeOf(said)).toBe(cause);
	});
});
