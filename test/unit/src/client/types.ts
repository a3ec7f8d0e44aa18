import * as v from 'valibot';
import { createWebSocket, webSocketStore } from '../../../../src/client/index.ts';

/** Nothing runs: `npm run check` reads what is in here, and that what is marked is refused. */
export function typed(): void {
	const Message = v.object({ text: v.string(), at: v.pipe(v.string(), v.transform(Number)) });

	const parsed = createWebSocket('/chat', { parse: Message });
	const at: number | undefined = parsed.last?.at;
	const texts: string[] = parsed.messages.map(({ text }) => text);
	parsed.on('message', (message) => message.at.toFixed());
	// @ts-expect-error: a schema has made a number of it
	parsed.on('message', (message) => message.at.trim());

	const chat = createWebSocket<{ text: string }, { say: string }>(() => '/chat');
	chat.send({ say: texts.join() });
	chat.on('close', ({ code, reason, unconfirmed }) =>
		unconfirmed.map(({ say }) => say + reason + code.toFixed())
	);
	// @ts-expect-error: that is what arrives, not what is sent
	chat.send({ text: 'hi' });
	// @ts-expect-error: there is no such event
	chat.on('closed', () => {});
	// @ts-expect-error: nobody but the connection decides that
	chat.status = 'open';

	createWebSocket(async () => null, {
		protocols: async () => ['a'],
		signal: AbortSignal.timeout(1)
	});
	createWebSocket(new URL('wss://a.example'), { history: undefined });
	// @ts-expect-error: a number is no URL
	createWebSocket(() => at);
	// @ts-expect-error: there is no such option
	createWebSocket('/chat', { retries: 3 });
	// @ts-expect-error: that is no schema
	createWebSocket('/chat', { parse: (value: unknown) => value });

	const plain = createWebSocket('/chat');
	// @ts-expect-error: nobody has said what arrives
	void plain.last.text;

	const { messages, send, status } = webSocketStore<number, string>('/chat');
	messages.subscribe((all) => all.map((number) => number.toFixed()));
	status.subscribe((word: 'error' | 'connected' | 'disconnected') => send(word));
	// @ts-expect-error: it sends strings
	send(1);
}
