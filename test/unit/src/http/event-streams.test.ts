import { describe, expect, it } from 'vitest';
import { EventStreams, isEventStream } from '../../../../src/server/http/event-streams.ts';
import { FakeExchange } from '../../support/exchange.ts';

const ofType = (type: string) => new Response('x', { headers: { 'content-type': type } });
const events = () => ofType('text/event-stream');
const asking = (accept: string, method = 'GET') =>
	new FakeExchange({ method, headers: { accept } });
/** Work that only a cut ends. */
const never = () => new Promise<void>(() => {});

/** Whether a promise is settled once all microtasks have run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
	let settled = false;
	void promise.then(() => (settled = true));
	await new Promise((resolve) => setImmediate(resolve));
	return settled;
}

describe('isEventStream', () => {
	it.each([
		['text/event-stream', true],
		['text/event-stream; charset=utf-8', true],
		['text/event-stream;charset=UTF-8', true],
		['Text/Event-Stream ; x=y', true],
		['text/event-stream-like', false],
		['application/x-ndjson', false],
		['text/html', false]
	])('is for %s: %j', (type, expected) => {
		expect(isEventStream(ofType(type))).toBe(expected);
	});

	it('is false without a type', () => {
		expect(isEventStream(new Response(null))).toBe(false);
	});
});

describe('event streams', () => {
	it('are cut, with the reason, and are not waited for', async () => {
		const streams = new EventStreams();
		const exchange = new FakeExchange();
		const reasons: unknown[] = [];
		exchange.onAbort((reason) => reasons.push(reason));
		const sent = streams.keep(exchange, never);
		expect(await isSettled(sent)).toBe(false);
		streams.cut('over');
		expect(await isSettled(sent)).toBe(true);
		expect(reasons).toEqual(['over']);
	});

	it('are those too that are asked for and have not begun', async () => {
		const streams = new EventStreams();
		const exchange = asking('text/event-stream');
		const answered = streams.answer(exchange, never);
		streams.cut('over');
		expect(await isSettled(answered)).toBe(true);
		expect(exchange.aborted).toBe(true);
	});

	it.each<[string, FakeExchange]>([
		['may be answered otherwise', asking('application/json, text/event-stream')],
		['accepts everything', asking('*/*')],
		['says nothing', new FakeExchange()],
		['is no GET', asking('text/event-stream', 'POST')]
	])('are not what a request asks for that %s', async (_, exchange) => {
		const streams = new EventStreams();
		const answered = streams.answer(exchange, never);
		streams.cut('over');
		expect(await isSettled(answered)).toBe(false);
		expect(exchange.aborted).toBe(false);
	});

	it('are no other responses', () => {
		for (const type of ['application/x-ndjson', 'text/event-streams', 'text/plain'])
			expect(isEventStream(ofType(type))).toBe(false);
		expect(isEventStream(events())).toBe(true);
		expect(isEventStream(ofType('text/event-stream; charset=utf-8'))).toBe(true);
	});

	it('are not touched once they have ended', async () => {
		const streams = new EventStreams();
		const exchange = new FakeExchange();
		await streams.keep(exchange, () => Promise.resolve());
		streams.cut('over');
		expect(exchange.aborted).toBe(false);
	});

	it('are cut as soon as they come, once they were cut', async () => {
		const streams = new EventStreams();
		streams.cut('over');
		const asked = asking('text/event-stream');
		await streams.answer(asked, () => Promise.reject(new Error('was asked')));
		expect(asked.aborted).toBe(true);
		const begun = new FakeExchange();
		const seen: boolean[] = [];
		await streams.keep(begun, () => {
			seen.push(begun.aborted);
			return Promise.resolve();
		});
		expect(seen).toEqual([true]);
	});

	it('may come again where there is another server', async () => {
		const streams = new EventStreams();
		streams.cut('over');
		streams.admit();
		const asked = asking('text/event-stream');
		const answered = streams.answer(asked, never);
		const begun = new FakeExchange();
		const sent = streams.keep(begun, never);
		expect(await isSettled(Promise.race([answered, sent]))).toBe(false);
		expect([asked.aborted, begun.aborted]).toEqual([false, false]);
		streams.cut('over again');
		expect(await isSettled(Promise.all([answered, sent]))).toBe(true);
		expect([asked.aborted, begun.aborted]).toEqual([true, true]);
	});

	it('reject as what they run does, until they are cut', async () => {
		const streams = new EventStreams();
		const failing = streams.keep(new FakeExchange(), () => Promise.reject(new Error('x')));
		await expect(failing).rejects.toThrow('x');
		const late = Promise.withResolvers<void>();
		const cut = streams.keep(new FakeExchange(), () => late.promise);
		streams.cut('over');
		await cut;
		late.reject(new Error('nobody hears this'));
		await new Promise((resolve) => setImmediate(resolve));
	});
});
