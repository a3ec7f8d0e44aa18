import type { StandardSchemaV1 } from '@standard-schema/spec';
import { error } from '@sveltejs/kit';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mark } from '../../../../src/shared/protocol.ts';
import { MessageError } from '../../../../src/server/socket/incoming.ts';
import { plainContext } from '../../support/peers.ts';
import { createConversation, settled, type AnsweringHandler } from '../../support/sessions.ts';

interface Given {
	handler?: AnsweringHandler;
	speaks?: 'nothing' | 'beats' | 'frames';
	report?: (error: unknown) => unknown;
}

/** A path with a schema, whose hooks note what they get. */
function open(incoming: StandardSchemaV1, { handler, speaks, report }: Given = {}) {
	const heard: unknown[] = [];
	const refused: unknown[] = [];
	const conversation = createConversation(
		{
			incoming,
			message: (_, message) => void heard.push(message.value),
			error: (_, each) => void refused.push(each),
			...handler
		},
		{ ...(speaks && { speaks }), ...(report && { context: { ...plainContext, report } }) }
	);
	conversation.session.open(conversation.socket);
	const said = () => conversation.sent().slice(2);
	return { ...conversation, heard, refused, said };
}

/** A schema that takes its time. */
function slow(times: Promise<unknown>[]): StandardSchemaV1<unknown, string> {
	return {
		'~standard': {
			version: 1,
			vendor: 'test',
			validate: async (value) => {
				await times.shift();
				return value === 'bad' ? { issues: [{ message: 'Bad' }] } : { value: `${String(value)}!` };
			}
		}
	};
}

const point = v.object({ x: v.number(), y: v.optional(v.number(), 0) });

describe('a message of a path that has a schema', () => {
	it.each([
		['valibot', point],
		['zod', z.object({ x: z.number(), y: z.number().default(0) })],
		['arktype', type({ x: 'number', y: 'number = 0' })]
	])('has the value that %s has made of it', (_, schema) => {
		const { session, heard, refused } = open(schema);
		session.message('{"x":1}');
		session.message('{"x":"1"}');
		session.message('{"x":2,"y":3}');
		expect(heard).toEqual([
			{ x: 1, y: 0 },
			{ x: 2, y: 3 }
		]);
		expect(refused).toHaveLength(1);
	});

	it('is read as JSON, as text where it is none, or as bytes', () => {
		const seen: unknown[] = [];
		const schema = v.custom<unknown>((value) => seen.push(value) > 0);
		const { session, heard } = open(schema);
		for (const data of ['{"a":1}', 'text', '5', '"5"', '', Uint8Array.of(1)]) session.message(data);
		expect(seen).toEqual([{ a: 1 }, 'text', 5, '5', '', Uint8Array.of(1)]);
		expect(heard).toEqual(seen);
	});

	it('is as it came besides', () => {
		const { session, heard } = open(point, {
			handler: { message: (_, { data }) => void heard.push(data) }
		});
		session.message('{ "x": 1 }');
		expect(heard).toEqual(['{ "x": 1 }']);
	});

	it('is refused without harm: error gets the issues, listeners and handleError nothing', () => {
		const reported: unknown[] = [];
		const listened: unknown[] = [];
		const { session, heard, refused, socket, log } = open(point, {
			handler: { open: (peer) => peer.addEventListener('message', (each) => listened.push(each)) },
			report: (each) => reported.push(each)
		});
		session.message('{"x":"1","y":"2"}');
		expect([heard, listened, reported, log.errors, log.warnings]).toEqual([[], [], [], [], []]);
		expect(socket.closed).toEqual([]);
		const [first] = refused;
		expect(first).toBeInstanceOf(MessageError);
		expect(first).toMatchObject({
			code: 'bad_message',
			issues: [
				{ message: expect.stringContaining('number') as string },
				{ message: expect.stringContaining('number') as string }
			]
		});
		session.message('{"x":1}');
		expect(heard).toEqual([{ x: 1, y: 0 }]);
	});

	it('is a line in the log where nobody handles errors', () => {
		const { session, socket, log } = createConversation({ incoming: point });
		session.open(socket);
		expect(log.warnings).toEqual([]);
		session.message('{}');
		expect(log.warnings).toMatchObject([
			{ what: 'A message was refused by the schema incoming of its path' }
		]);
		expect(log.warnings[0]?.value).toMatch(/^\/chat: x: /);
	});

	it('is refused to a request with 400, and to a client of ours with the issues', () => {
		const { session, said } = open(
			v.object({ name: v.pipe(v.string('No text'), v.minLength(2, 'Too short, sorry')) })
		);
		session.message(`${mark}q1,{"name":1}`);
		session.message('{"name":"x"}');
		expect(said()).toEqual([
			`${mark}e1,400,name: No text`,
			`${mark}x[{"message":"Too short, sorry","path":["name"]}]`
		]);
	});

	it.each(['nothing', 'beats'] as const)('tells a client nothing that speaks %s', (speaks) => {
		const { session, sent, refused } = open(point, { speaks });
		const before = sent().length;
		session.message('{}');
		expect(refused).toHaveLength(1);
		expect(sent()).toHaveLength(before);
	});

	it('is told of no more than ten issues, of no more than 200 characters each', () => {
		const { session, said } = open(v.array(v.string(`${'no '.repeat(100)}\n\ud800`)));
		session.message(JSON.stringify(Array(1000).fill(1)));
		const issues = JSON.parse(String(said()[0]).slice(2)) as { message: string; path: unknown }[];
		expect(issues).toHaveLength(10);
		expect(issues[9]?.path).toEqual([9]);
		expect(issues[0]?.message.length).toBeLessThan(210);
	});

	it('goes to the request that it came with, once it is right', async () => {
		const { session, said } = open(point, {
			handler: { message: (_, message) => ({ got: message.value }) }
		});
		session.message(`${mark}q1,{"x":1}`);
		await settled();
		expect(said()).toEqual([`${mark}a1,{"got":{"x":1,"y":0}}`]);
	});

	it('keeps its place, however long a schema takes', async () => {
		const first = Promise.withResolvers<void>();
		const { session, heard, refused, said } = open(slow([first.promise]));
		session.message('1');
		session.message('bad');
		session.message(`${mark}qa,bad`);
		session.message('2');
		await settled();
		expect(heard).toEqual([]);
		first.resolve();
		await settled();
		expect(heard).toEqual(['1!', '2!']);
		expect(refused).toHaveLength(2);
		expect(said()).toEqual([`${mark}x[{"message":"Bad"}]`, `${mark}ea,400,Bad`]);
	});

	it('does not wait for hooks, unless they are ordered', async () => {
		for (const ordered of [false, true]) {
			const hook = Promise.withResolvers<void>();
			const { session, heard } = open(slow([]), {
				handler: {
					ordered,
					message(_, message) {
						heard.push(message.value);
						return hook.promise;
					}
				}
			});
			session.message('1');
			session.message('2');
			await settled();
			expect(heard).toEqual(ordered ? ['1!'] : ['1!', '2!']);
			hook.resolve();
			await settled();
			expect(heard).toEqual(['1!', '2!']);
		}
	});

	it('comes before close, though its schema takes longer than the socket lives', async () => {
		const first = Promise.withResolvers<void>();
		const { session, heard } = open(slow([first.promise]), {
			handler: { close: () => void heard.push('close') }
		});
		session.message('1');
		session.close(1006, '');
		await settled();
		expect(heard).toEqual([]);
		first.resolve();
		await settled();
		expect(heard).toEqual(['1!', 'close']);
	});

	it.each(['throws', 'rejects'])('whose schema %s is one whose hook throws', async (how) => {
		const accident = new Error('secret');
		const schema: StandardSchemaV1 = {
			'~standard': {
				version: 1,
				vendor: 'test',
				validate() {
					if (how === 'throws') throw accident;
					return Promise.reject(accident);
				}
			}
		};
		const reported: unknown[] = [];
		const { session, refused, said, heard } = open(schema, {
			report: (each) => reported.push(each)
		});
		session.message('1');
		session.message(`${mark}q1,2`);
		await settled();
		expect(refused).toEqual([accident, accident]);
		expect(reported).toEqual([accident, accident]);
		expect(said()).toEqual([`${mark}e1,500,Internal Error`]);
		expect(heard).toEqual([]);
	});

	it('may be refused by what its schema throws, if that is an answer', async () => {
		const schema = v.custom<unknown>(() => error(413, 'Too much'));
		const { session, refused, said } = open(schema);
		session.message(`${mark}q1,2`);
		await settled();
		expect(said()).toEqual([`${mark}e1,413,Too much`]);
		expect(refused).toEqual([]);
	});

	it('is reported when the error hook itself throws', () => {
		const second = new Error('second');
		const reported: unknown[] = [];
		const { session } = open(point, {
			handler: {
				error() {
					throw second;
				}
			},
			report: (each) => reported.push(each)
		});
		session.message('{}');
		expect(reported).toContain(second);
	});
});
