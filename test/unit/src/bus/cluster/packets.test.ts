import { describe, expect, it } from 'vitest';
import {
	channelOf,
	channelsOf,
	channelsPacket,
	framePacket,
	openFrame,
	PacketReader,
	packetTypes,
	textPacket
} from '../../../../../src/server/bus/cluster/packets.ts';

const bytes = (...parts: Uint8Array[]) => Buffer.concat(parts);

describe('packets of the cluster', () => {
	it('are found however they are cut', () => {
		const frame = Buffer.from([0, 255, 1, 10]);
		const all = bytes(
			textPacket(packetTypes.hello, 'abc'),
			...framePacket('a topic – ü', frame),
			...channelsPacket(packetTypes.listen, ['one', '', 'drei ü']),
			textPacket(packetTypes.welcome, '')
		);
		for (const size of [1, 2, 3, 7, 64, all.byteLength]) {
			const reader = new PacketReader();
			const found = [];
			for (let at = 0; at < all.byteLength; at += size)
				found.push(...reader.read(all.subarray(at, at + size)));
			const { hello, welcome, listen } = packetTypes;
			expect(found.map(({ type }) => type)).toEqual([hello, packetTypes.frame, listen, welcome]);
			const [first, second, third, last] = found;
			expect(first?.body.toString()).toBe('abc');
			expect(second && openFrame(second.body)).toEqual({ channel: 'a topic – ü', frame });
			expect(third && channelsOf(third.body)).toHaveLength(3);
			expect(last?.body.byteLength).toBe(0);
			expect(bytes(...found.map(({ whole }) => whole))).toEqual(all);
		}
	});

	it('name a channel by the same key, whichever they are', () => {
		for (const name of ['plain', 'ü', '日本', '\0 * >', 'x'.repeat(65_000)]) {
			const [[listen], [frame]] = [
				[...new PacketReader().read(bytes(...channelsPacket(packetTypes.listen, [name])))],
				[...new PacketReader().read(bytes(...framePacket(name, Buffer.alloc(3))))]
			];
			expect(listen && channelsOf(listen.body)).toEqual([frame && channelOf(frame.body)]);
		}
	});

	it('are refused above what a worker would send', () => {
		const reader = new PacketReader();
		expect(() => [...reader.read(Buffer.from('GET / HTTP/1.1\r\n'))]).toThrow(/cannot be read/);
		expect(() => [...new PacketReader().read(Buffer.alloc(4))]).toThrow(/cannot be read/);
	});
});
