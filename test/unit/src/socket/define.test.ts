import { readFileSync } from 'node:fs';
import { error, redirect } from '@sveltejs/kit';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineWebSocket } from '../../../../src/server/socket/define.ts';
import type { WebSockets } from '../../../../src/server/registry/websockets.ts';
import type { Message } from '../../../../src/server/socket/message.ts';
import type { Peer } from '../../../../src/server/socket/peer.ts';
import type { CloseDetails, ParamValue } from '../../../../src/server/socket/types.ts';
import { typeErrors } from '../../support/type-errors.ts';

describe('defineWebSocket', () => {
	it('gives back the very object it was given', () => {
		const handler = { open() {} };
		const routes = { '/chat': handler } as const;
		expect(defineWebSocket(handler)).toBe(handler);
		expect(defineWebSocket(routes)).toBe(routes);
	});

	it(
		'types what is in this file as it says, and refuses what is marked',
		{ timeout: 60_000 },
		() => {
			// `expectTypeOf` and `@ts-expect-error` do nothing at run time.
			const source = readFileSync(new URL(import.meta.url), 'utf8');
			const { 'define.test': found = [] } = typeErrors(import.meta.url, { 'define.test': source });
			expect(found.map(({ line, says }) => `line ${line}: ${says}`)).toEqual([]);
		}
	);
});

interface User {
	name: string;
	admin: boolean;
}

describe('the data of a peer', () => {
	it('is what upgrade returns', () => {
		defineWebSocket({
			upgrade: () => ({ name: 'Ada', age: 36 }),
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<{ name: string; age: number }>();
			},
			message(peer, message) {
				expectTypeOf(peer.data).toEqualTypeOf<{ name: string; age: number }>();
				expectTypeOf(message).toEqualTypeOf<Message>();
			},
			drain(peer) {
				expectTypeOf(peer.data.age).toEqualTypeOf<number>();
			},
			close(peer, details) {
				expectTypeOf(peer.data.name).toEqualTypeOf<string>();
				expectTypeOf(details).toEqualTypeOf<CloseDetails>();
			},
			error(peer, reason) {
				expectTypeOf(peer.data.name).toEqualTypeOf<string>();
				expectTypeOf(reason).toEqualTypeOf<unknown>();
			}
		});
	});

	it('is what upgrade resolves to', () => {
		defineWebSocket({
			async upgrade(event): Promise<User> {
				await event.fetch('/api/me');
				return { name: 'Ada', admin: true };
			},
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<User>();
			}
		});
		defineWebSocket({
			upgrade: async () => {
				await Promise.resolve();
				return 7;
			},
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<number>();
			}
		});
	});

	it('is not confused by a function that chooses a subprotocol', () => {
		defineWebSocket({
			'/chat/[room]': {
				upgrade: () => ({ name: 'Ada' }),
				protocols: (offered, { params, locals }) => {
					expectTypeOf(offered).toEqualTypeOf<string[]>();
					expectTypeOf(params).toEqualTypeOf<{ room: string }>();
					expectTypeOf(locals).toEqualTypeOf<App.Locals>();
					return offered[0];
				},
				open(peer) {
					expectTypeOf(peer.data).toEqualTypeOf<{ name: string }>();
				}
			}
		});
		// @ts-expect-error a number is no subprotocol
		defineWebSocket({ protocols: () => 7 });
	});

	it('is no Response, with which upgrade refuses', () => {
		defineWebSocket({
			upgrade({ url }) {
				if (url.searchParams.has('no')) return new Response('no', { status: 403 });
				return { name: 'Ada' };
			},
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<{ name: string }>();
			}
		});
		defineWebSocket({
			async upgrade({ url }) {
				await Promise.resolve();
				if (url.searchParams.has('no')) return new Response('no', { status: 403 });
				return { name: 'Ada' };
			},
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<{ name: string }>();
			}
		});
	});

	it('is not false, with which upgrade refuses', () => {
		defineWebSocket({
			upgrade: ({ url }) => (url.searchParams.has('no') ? false : { name: 'Ada' }),
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<{ name: string }>();
			}
		});
		defineWebSocket({
			'/chat/[room]': {
				async upgrade({ url }) {
					await Promise.resolve();
					if (url.searchParams.has('no')) return false;
					if (url.searchParams.has('never')) return new Response('no', { status: 403 });
					return { name: 'Ada' };
				},
				open(peer) {
					expectTypeOf(peer.data).toEqualTypeOf<{ name: string }>();
				}
			}
		});
		defineWebSocket({
			upgrade({ url }): User | false {
				if (url.searchParams.has('no')) return false;
				return { name: 'Ada', admin: true };
			},
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<User>();
			}
		});
		defineWebSocket({
			upgrade: ({ url }): Promise<boolean> => Promise.resolve(url.searchParams.has('yes')),
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<true>();
			}
		});
	});

	it('knows nothing of the ways that throw', () => {
		defineWebSocket({
			upgrade({ url }) {
				if (url.searchParams.has('login')) redirect(303, '/login');
				if (url.searchParams.has('no')) error(403, 'no');
				return { name: 'Ada' };
			},
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<{ name: string }>();
			}
		});
	});

	it('is a union where upgrade returns one of several', () => {
		defineWebSocket({
			upgrade: ({ url }): User | null =>
				url.searchParams.has('guest') ? null : { name: 'Ada', admin: false },
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<User | null>();
			}
		});
	});

	it('is undefined without upgrade', () => {
		defineWebSocket({
			open(peer) {
				expectTypeOf(peer.data).toEqualTypeOf<undefined>();
			}
		});
		defineWebSocket({
			'/chat/[room]': {
				open(peer) {
					expectTypeOf(peer.data).toEqualTypeOf<undefined>();
				}
			}
		});
	});

	it('is inferred in a map, too', () => {
		defineWebSocket({
			'/chat/[room]': {
				upgrade(event) {
					expectTypeOf(event.params.room).toEqualTypeOf<string>();
					expectTypeOf(event.protocols).toEqualTypeOf<string[]>();
					expectTypeOf(event.locals).toEqualTypeOf<App.Locals>();
					return { name: 'Ada' };
				},
				open(peer) {
					expectTypeOf(peer.data).toEqualTypeOf<{ name: string }>();
				}
			}
		});
	});

	it('may differ between paths where each has a defineWebSocket of its own', () => {
		defineWebSocket({
			'/chat/[room]': {
				upgrade: () => ({ name: 'Ada' }),
				message(peer) {
					expectTypeOf(peer.data).toEqualTypeOf<{ name: string }>();
				}
			},
			'/ticks': defineWebSocket({
				open(peer) {
					expectTypeOf(peer.data).toEqualTypeOf<undefined>();
				}
			}),
			'/admin': defineWebSocket({
				upgrade: () => 7,
				open(peer) {
					expectTypeOf(peer.data).toEqualTypeOf<number>();
				}
			})
		});
	});
});

describe('the params of a peer', () => {
	it('are what the matchers of src/params make of them', () => {
		defineWebSocket({
			'/items/[id=integer]/[[page=page]]': {
				open(peer) {
					expectTypeOf(peer.params.id).toEqualTypeOf<ParamValue>();
					expectTypeOf(peer.params.page).toEqualTypeOf<ParamValue | undefined>();
				}
			},
			'/files/[...path=safe]': {
				open(peer) {
					expectTypeOf(peer.params.path).toEqualTypeOf<ParamValue>();
				}
			}
		});
	});

	it('are those that the brackets of the path name', () => {
		defineWebSocket({
			'/chat/[room]': {
				open(peer) {
					expectTypeOf(peer.params).toEqualTypeOf<{ room: string }>();
				}
			},
			'/[org]/repo-[name]/live': {
				open(peer) {
					expectTypeOf(peer.params.org).toEqualTypeOf<string>();
					expectTypeOf(peer.params.name).toEqualTypeOf<string>();
				}
			},
			'/files/[...path]': {
				open(peer) {
					expectTypeOf(peer.params.path).toEqualTypeOf<string>();
				}
			},
			'/[[lang]]/live': {
				open(peer) {
					expectTypeOf(peer.params.lang).toEqualTypeOf<string | undefined>();
				}
			},
			'/[[lang]]/files/[dir]/[...rest]': {
				open(peer) {
					expectTypeOf(peer.params.lang).toEqualTypeOf<string | undefined>();
					expectTypeOf(peer.params.dir).toEqualTypeOf<string>();
					expectTypeOf(peer.params.rest).toEqualTypeOf<string>();
				}
			}
		});
	});

	it('come before an optional one just as well', () => {
		defineWebSocket({
			'/[org]/live/[[page]]': {
				open(peer) {
					expectTypeOf(peer.params.org).toEqualTypeOf<string>();
					expectTypeOf(peer.params.page).toEqualTypeOf<string | undefined>();
				}
			},
			'/files/[...path]/[name]': {
				open(peer) {
					expectTypeOf(peer.params.path).toEqualTypeOf<string>();
					expectTypeOf(peer.params.name).toEqualTypeOf<string>();
				}
			},
			'/[dir]/[...rest]': {
				open(peer) {
					expectTypeOf(peer.params.dir).toEqualTypeOf<string>();
					expectTypeOf(peer.params.rest).toEqualTypeOf<string>();
				}
			}
		});
	});

	it('know nothing of characters that the path writes as escapes', () => {
		defineWebSocket({
			'/[x+3a]smile/[room]': {
				open(peer) {
					expectTypeOf(peer.params).toEqualTypeOf<{ room: string }>();
				}
			}
		});
	});

	it('are strings by any name where one handler has every path', () => {
		defineWebSocket({
			open(peer) {
				expectTypeOf(peer.params).toEqualTypeOf<Record<string, string>>();
			}
		});
	});
});

const Say = v.object({ text: v.string(), at: v.pipe(v.string(), v.transform(Number)) });
const Said = z.object({ from: z.string(), at: z.date().default(() => new Date()) });
const Move = type({ x: 'number', y: 'number = 0' });

describe('the schemas of a path', () => {
	it('say what a message has become, and what a peer may be sent', () => {
		defineWebSocket({
			'/chat/[room]': {
				incoming: Say,
				outgoing: Said,
				upgrade: () => ({ name: 'Ada' }),
				open(peer) {
					expectTypeOf(peer.data).toEqualTypeOf<{ name: string }>();
					peer.send({ from: peer.data.name });
					// @ts-expect-error that is what arrives, not what is sent
					peer.send({ text: 'hi' });
				},
				message(peer, message) {
					expectTypeOf(message).toEqualTypeOf<Message<{ text: string; at: number }>>();
					expectTypeOf(peer.params).toEqualTypeOf<{ room: string }>();
					peer.publish(peer.params.room, { from: 'Ada', at: new Date() });
					// @ts-expect-error a name is text
					peer.publish(peer.params.room, { from: 7 });
				},
				close(peer) {
					expectTypeOf(peer.send)
						.parameter(0)
						.toEqualTypeOf<{ from: string; at?: Date | undefined }>();
				}
			},
			'/board': {
				upgrade: () => ({ name: 'Grace' }),
				async message(peer, { value }) {
					expectTypeOf(value).toEqualTypeOf<{ x: number; y: number }>();
					peer.send({ x: value.x });
					await Promise.resolve();
				},
				outgoing: Move,
				incoming: Move
			},
			'/plain': {
				upgrade: () => ({ name: 'Joan' }),
				message(peer, { value }) {
					expectTypeOf(value).toEqualTypeOf<unknown>();
					peer.send(7);
				}
			}
		});
	});

	it('do so for one handler of every path, and for a path that has a defineWebSocket of its own', () => {
		defineWebSocket({
			message: (peer, { value }) => {
				expectTypeOf(value).toEqualTypeOf<{ x: number; y: number }>();
				peer.send({ from: 'Ada' });
				// @ts-expect-error nobody has said so
				peer.send('hi');
			},
			incoming: Move,
			outgoing: Said
		});
		defineWebSocket({
			'/chat': defineWebSocket({
				incoming: Said,
				outgoing: Say,
				message(peer, { value }) {
					expectTypeOf(value).toEqualTypeOf<{ from: string; at: Date }>();
					peer.send({ text: 'hi', at: '7' });
					// @ts-expect-error the schema makes a number of a text
					peer.send({ text: 'hi', at: 7 });
				}
			}),
			'/board': {
				incoming: Move,
				message(_, { value }) {
					expectTypeOf(value.x).toEqualTypeOf<number>();
				}
			}
		});
	});

	it('stay what they are, and with them what message returns', () => {
		const websocket = defineWebSocket({
			'/chat': {
				incoming: Say,
				upgrade: () => ({ name: 'Ada' }),
				message: async (peer, { value }) => {
					await Promise.resolve();
					return { from: peer.data.name, at: value.at };
				}
			},
			'/board': defineWebSocket({ outgoing: Move, message: () => 7 })
		});
		expectTypeOf(websocket['/chat'].incoming).toEqualTypeOf<typeof Say>();
		expectTypeOf(websocket['/chat'].message).returns.resolves.toEqualTypeOf<{
			from: string;
			at: number;
		}>();
		expectTypeOf(websocket['/board'].message).returns.toEqualTypeOf<number>();
		expect(websocket['/chat'].incoming).toBe(Say);
	});
});

describe('the types of peers and messages', () => {
	it('may be written down as before, for those of a path with schemas too', () => {
		const greet = (peer: Peer<User>) => void peer.send({ hello: peer.data.name });
		const both = (peer: Peer, message: Message) => void [peer.id, message.text()];
		const own = (peer: Peer<User, { room: string }, { from: string }>) => peer.params.room;
		defineWebSocket({
			'/[room]': {
				incoming: Say,
				outgoing: Said,
				upgrade: (): User => ({ name: 'Ada', admin: false }),
				open: greet,
				message: both,
				close: (peer) => void own(peer)
			}
		});
		expect.assertions(0);
	});
});

describe('the filter of close', () => {
	it('may be written for a peer, of any data, or for all that it is asked about', () => {
		const close = ((): void => {}) as WebSockets['close'];
		close(4401, '', ({ locals, params, url }) => 'user' in locals && url.href !== params['room']);
		close(4401, '', ({ id }) => id === 'a');
		close(4401, '', ({ topics }) => topics.has('news'));
		close(4401, '', (peer: Peer) => peer.readyState === 1);
		close(4401, '', (peer: Peer<User>) => peer.data.admin);
		close(4401, '', ({ data }) => (data as User | undefined)?.admin === true);
		// @ts-expect-error what is undecided is no promise
		close(4401, '', () => Promise.resolve(true));
		// @ts-expect-error a request has nothing to send to
		close(4401, '', (target) => target.send('x') === 'sent');
		expect.assertions(0);
	});
});

describe('what does not compile', () => {
	it('is a param that the path does not have', () => {
		defineWebSocket({
			'/chat/[room]': {
				open(peer) {
					// @ts-expect-error the path calls it room
					void peer.params.rom;
				}
			}
		});
		expect.assertions(0);
	});

	it('is a use of data that upgrade does not give', () => {
		defineWebSocket({
			upgrade: () => ({ name: 'Ada' }),
			open(peer) {
				// @ts-expect-error upgrade returns no age
				void peer.data.age;
			}
		});
		defineWebSocket({
			open(peer) {
				// @ts-expect-error without upgrade there is no data
				void peer.data.name;
			}
		});
		expect.assertions(0);
	});

	it('is the status of a Response as data', () => {
		defineWebSocket({
			upgrade: ({ url }) => (url.search ? new Response('no') : { name: 'Ada' }),
			open(peer) {
				// @ts-expect-error a Response refuses, it never becomes data
				void peer.data.status;
			}
		});
		defineWebSocket({
			upgrade: ({ url }) => url.search !== '' && { name: 'Ada' },
			open(peer) {
				// @ts-expect-error false refuses, it never becomes data
				if (peer.data === false) return;
			}
		});
		expect.assertions(0);
	});

	it('is a change of who a peer is', () => {
		defineWebSocket({
			upgrade: () => ({ name: 'Ada' }),
			open(peer) {
				// @ts-expect-error what an upgrade found out is read only
				peer.data = { name: 'Eve' };
				// @ts-expect-error the id is read only
				peer.id = 'mine';
				// @ts-expect-error topics change by subscribe and unsubscribe
				peer.topics.add('news');
			}
		});
		expect.assertions(0);
	});

	it('is a hook that does not exist', () => {
		// @ts-expect-error it is called message
		defineWebSocket({ mesage() {} });
		// @ts-expect-error it is called message in a map, too
		defineWebSocket({ '/chat': { mesage() {} } });
		expect.assertions(0);
	});

	it('is a path without a slash at its start', () => {
		// @ts-expect-error it is '/chat'
		defineWebSocket({ chat: { open() {} } });
		expect.assertions(0);
	});

	it('is no object at all', () => {
		// @ts-expect-error a function is not yet a handler
		defineWebSocket(() => {});
		// @ts-expect-error a path needs a handler
		defineWebSocket({ '/chat': undefined });
		expect.assertions(0);
	});

	it('is a message to nobody, or of nothing', () => {
		defineWebSocket({
			open(peer) {
				// @ts-expect-error publish needs a topic and a value
				peer.publish('news');
				// @ts-expect-error send needs a value
				peer.send();
			}
		});
		expect.assertions(0);
	});

	it('is a code or reason of the wrong type in protocols', () => {
		// @ts-expect-error protocols are strings
		defineWebSocket({ protocols: [1], open() {} });
		expect.assertions(0);
	});
});
