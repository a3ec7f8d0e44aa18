import type { CloseCause } from './engine.ts';

/**
 * Why uWebSockets.js, or Bun, whose sockets descend from it, has ended a socket by its own hand, by what it says of it
 * (`WebSocketProtocol.h`). A close code that uWebSockets.js does not know may be a good one.
 */
export function causeOf(said: string): CloseCause | undefined {
	if (said.startsWith('Received too big message')) return 'too_big';
	if (said === 'WebSocket timed out from inactivity') return 'idle';
	return broken.test(said) ? 'invalid' : undefined;
}

const broken =
	/^Received (?:invalid (?:UTF-8|WebSocket frame|opcode|close code|compressed data)$|an? |unexpected |continuation |fragmented |new |too big control )/;

/** uWebSockets.js counts silence in steps of four seconds, of which the first may be a short one, and allows 960. */
export function toIdleTimeout(seconds: number): number {
	return seconds === 0 ? 0 : Math.min(seconds + 4, 960);
}
