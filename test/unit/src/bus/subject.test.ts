import { describe, expect, it } from 'vitest';
import { tokenOf } from '../../../../src/server/bus/nats/subject.ts';

describe('tokenOf', () => {
	it('keeps what people write readable', () => {
		expect(tokenOf('topic/room:lobby_1-a')).toBe('topic/room:lobby_1-a');
	});

	it.each(['', '.', '*', '>', ' ', '\t\r\n', '\u0000', 'gr\u00fc\u00df', '$SYS.>', '%', "'(!)~"])(
		'makes one token of %j that means nothing to NATS',
		(channel) => {
			expect(tokenOf(channel)).toMatch(/^[\w%/:=@,+-]+$/);
		}
	);

	it('is another one for each channel', () => {
		const long = 'x'.repeat(2000);
		const channels = ['', '%', '.', '%2E', '%2e', 'a/b', 'a%2Fb', long, `${long}x`, 'A', 'a'];
		expect(new Set(channels.map(tokenOf)).size).toBe(channels.length);
	});

	it('fits on a line of the protocol, however long the channel is', () => {
		for (const channel of ['x'.repeat(65_000), '\u{1f600}'.repeat(10_000)]) {
			expect(tokenOf(channel).length).toBeLessThan(1025);
		}
	});
});
