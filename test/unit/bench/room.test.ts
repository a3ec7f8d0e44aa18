import { describe, expect, it } from 'vitest';
import { untilDelivered } from '../../../bench/load/room.ts';

describe('a room', () => {
	it('says the next thing when everybody has received the last one', async () => {
		const room = untilDelivered(30);
		const log: string[] = [];
		const count = await room.repeat(0.02, () => {
			log.push('said');
			for (const part of [10, 15, 5]) {
				setImmediate(() => {
					log.push(String(part));
					room.receive(part);
				});
			}
		});
		expect(count).toBeGreaterThan(0);
		expect(log).toEqual(Array.from({ length: count }, () => ['said', '10', '15', '5']).flat());
	});

	it('notices when something has arrived more than once', async () => {
		const room = untilDelivered(30);
		const repeated = room.repeat(1, () => {
			setImmediate(() => room.receive(31));
		});
		await expect(repeated).rejects.toThrow('1 bytes more than 30 have arrived');
	});
});
