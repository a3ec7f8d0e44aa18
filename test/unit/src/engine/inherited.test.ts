import { expect, it } from 'vitest';
import { causeOf, toIdleTimeout } from '../../../../src/server/engine/inherited.ts';

it.each([
	['Received too big message', 'too_big'],
	['Received too big message, or other inflation error', 'too_big'],
	['Received invalid UTF-8', 'invalid'],
	['Received invalid WebSocket frame', 'invalid'],
	['Received an incorrectly masked frame', 'invalid'],
	['Received unexpected RSV2 or RSV3 bit', 'invalid'],
	['WebSocket timed out from inactivity', 'idle'],
	['Received TCP FIN before WebSocket close frame', undefined],
	['Received invalid close payload', undefined],
	['', undefined]
])('what is said of an end is why it has come: %j', (said, cause) => {
	expect(causeOf(said)).toBe(cause);
});

it('a timeout is never shorter than it was said to be, and never longer than what is allowed', () => {
	expect([0, 8, 120, 958, 5000].map(toIdleTimeout)).toEqual([0, 12, 124, 960, 960]);
});
