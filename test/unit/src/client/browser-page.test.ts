import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browserPage } from '../../../../src/client/core/browser-page.ts';
import type { PageEvents } from '../../../../src/client/core/page.ts';

let window: EventTarget;
let document: EventTarget & { visibilityState: string };
let told: string[];

beforeEach(() => {
	window = new EventTarget();
	document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
	told = [];
	vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
	vi.stubGlobal('document', document);
	vi.stubGlobal('location', { href: 'https://app.example/room?a=1' });
});

afterEach(() => vi.unstubAllGlobals());

const names = ['wake', 'online', 'doubt', 'hide', 'show', 'abort'] as const;

const events = Object.fromEntries(
	names.map((name) => [name, () => void told.push(name)])
) as unknown as PageEvents;

const run = <T>(call: () => T): T => call();

const createPage = () => browserPage(run, () => '/base');

const happen = (target: EventTarget, type: string, parts: object = {}) =>
	target.dispatchEvent(Object.assign(new Event(type), parts));

describe('the page of a browser', () => {
	it('is where it is, whenever it is asked', () => {
		const page = createPage();
		expect([page.url, page.base]).toEqual(['https://app.example/room?a=1', '/base']);
		vi.stubGlobal('location', { href: 'https://app.example/other' });
		expect(page.url).toBe('https://app.example/other');
		expect(page.WebSocket).toBe(WebSocket);
	});

	it('touches nothing of a browser while it is made, as on a server', () => {
		vi.unstubAllGlobals();
		expect(() => browserPage(run, () => expect.unreachable())).not.toThrow();
	});

	it('fetches as the page does', async () => {
		const fetched = vi.fn(() => Promise.resolve(new Response('answer')));
		vi.stubGlobal('fetch', fetched);
		const init = { cache: 'no-store' } as const;
		const response = await createPage().fetch('https://app.example/chat', init);
		expect(await response.text()).toBe('answer');
		expect(fetched).toHaveBeenCalledWith('https://app.example/chat', init);
	});

	it('tells of the network, as it comes and goes', () => {
		createPage().listen(events, undefined);
		happen(window, 'offline');
		happen(window, 'online');
		expect(told).toEqual(['doubt', 'online']);
	});

	it('wakes when somebody looks at it, and not when nobody does any more', () => {
		createPage().listen(events, undefined);
		document.visibilityState = 'hidden';
		happen(document, 'visibilitychange');
		expect(told).toEqual([]);
		document.visibilityState = 'visible';
		happen(document, 'visibilitychange');
		expect(told).toEqual(['wake']);
	});

	it('goes into the back/forward cache and out of it only where the browser keeps it', () => {
		createPage().listen(events, undefined);
		happen(window, 'pagehide', { persisted: false });
		happen(window, 'pageshow', { persisted: false });
		expect(told).toEqual([]);
		happen(window, 'pagehide', { persisted: true });
		happen(window, 'pageshow', { persisted: true });
		expect(told).toEqual(['hide', 'show']);
	});

	it('tells of a signal that aborts', () => {
		const controller = new AbortController();
		createPage().listen(events, controller.signal);
		controller.abort();
		expect(told).toEqual(['abort']);
	});

	it('is heard no more once nobody listens', () => {
		const controller = new AbortController();
		const stop = createPage().listen(events, controller.signal);
		stop();
		for (const type of ['online', 'offline']) happen(window, type);
		for (const type of ['pagehide', 'pageshow']) happen(window, type, { persisted: true });
		happen(document, 'visibilitychange');
		controller.abort();
		expect(told).toEqual([]);
	});
});
