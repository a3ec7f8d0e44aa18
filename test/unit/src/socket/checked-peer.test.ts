import type { StandardSchemaV1 } from '@standard-schema/spec';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Peer } from '../../../../src/server/socket/peer.ts';
import { createConversation, settled } from '../../support/sessions.ts';

const outgoing = v.object({ text: v.pipe(v.string('No text'), v.maxLength(5, 'Too long')) });

function open(schema?: StandardSchemaV1, checksOutgoing = true) {
	let peer: Peer | undefined;
	const conversation = createConversation(
		{
			...(schema && { outgoing: schema }),
			open: (opened) => void (peer = opened),
			message: (_, message) => message.value
		},
		{ checksOutgoing }
	);
	conversation.session.open(conversation.socket);
	if (peer === undefined) throw new Error('not open');
	const said = () => conversation.sent().slice(2);
	return { ...conversation, peer, said };
}

describe('what the peers of a path with a schema are sent', () => {
	it('is sent in dev if it is what the schema describes', () => {
		const { peer, said, socket } = open(outgoing);
		expect(peer.send({ text: 'fine' })).toBe('sent');
		peer.publish('room', { text: 'fine' });
		expect(said()).toEqual(['{"text":"fine"}']);
		expect(socket.published).toMatchObject([{ topic: 'room', data: '{"text":"fine"}' }]);
	});

	it('is refused in dev where it is sent if it is something else', () => {
		const { peer, said, socket } = open(outgoing);
		const message =
			'[svelte-adapter-ws] What is sent is refused by the schema outgoing of its path (/chat: text: Too long). Send what the schema describes, or let it allow this. It is asked in dev only.';
		for (const act of [
			() => peer.send({ text: 'too long' }),
			() => peer.publish('room', { text: 'too long' })
		]) {
			expect(act).toThrow(expect.objectContaining({ code: 'bad_value', message }) as Error);
			try {
				act();
			} catch (error) {
				expect((error as Error).stack?.split('\n')[1]).toContain('checked-peer.test.ts');
				expect((error as Error).cause).toMatchObject([{ message: 'Too long' }]);
			}
		}
		expect([said(), socket.published]).toEqual([[], []]);
	});

	it('is blamed for other mistakes where it is sent, too', () => {
		const { peer } = open(v.any());
		try {
			peer.send(new Map());
			expect.unreachable();
		} catch (error) {
			expect(error).toMatchObject({ code: 'bad_value' });
			expect((error as Error).stack?.split('\n')[1]).toContain('checked-peer.test.ts');
		}
	});

	it('is told of in the log where the schema takes its time', async () => {
		const slow = v.objectAsync({
			text: v.pipeAsync(
				v.string(),
				v.checkAsync(async () => false)
			)
		});
		const { peer, log, said } = open(slow);
		peer.send({ text: 'a' });
		expect(said()).toHaveLength(1);
		await settled();
		expect(log.errors).toMatchObject([
			{ what: 'A peer was sent something else', error: { code: 'bad_value' } }
		]);
	});

	it('is not asked about outside of dev, nor without a schema, nor in answers', async () => {
		for (const { peer } of [open(outgoing, false), open(undefined)]) {
			expect(peer.send({ text: 'too long' })).toBe('sent');
		}
		const { session, said } = open(outgoing);
		session.message('\u0016q1,{"text":"too long"}');
		expect(said()).toEqual(['\u0016a1,{"text":"too long"}']);
	});
});
