import { expect, it } from 'vitest';
import {
	answerPacket,
	questionPacket,
	readAnswer,
	readQuestion,
	type Answer,
	type Question
} from '../../../../../src/server/bus/cluster/log-packets.ts';
import { PacketReader } from '../../../../../src/server/bus/cluster/packets.ts';

const limits = { size: 3, bytes: Infinity, ttl: 0.5 };

function bodyOf(parts: readonly Uint8Array[]): Buffer {
	const [packet] = new PacketReader().read(Buffer.concat(parts));
	if (packet === undefined) throw new Error('There is no packet');
	return packet.body;
}

const entries = [
	{ data: 'grüß\u0000', compress: true, author: 'abcd0123' },
	{ data: Uint8Array.of(0, 255, 10), compress: false, author: '' },
	{ data: '', compress: false, author: '' },
	{ data: new Uint8Array(), compress: false, author: '' }
];

it.each<Question>([
	{ number: 1, topic: 'a "b"\n', limits, entries, deadline: 17 },
	{ number: 2, topic: '', limits, entries: [], after: 5 }
])('a question arrives as it was', (question) => {
	expect(readQuestion(bodyOf(questionPacket(question)))).toEqual(question);
});

it.each<Answer>([
	{ number: 1, numbered: [{ epoch: 'e', offset: 7, time: 17.5 }] },
	{ number: 2, refused: 'it has come too late' },
	{
		number: 3,
		page: {
			epoch: 'e',
			last: 9,
			now: 12.5,
			entries: entries.map((entry, index) => ({ ...entry, offset: index + 1, time: 3.25 }))
		}
	}
])('an answer arrives as it was', (answer) => {
	expect(readAnswer(bodyOf(answerPacket(answer)))).toEqual(answer);
});
