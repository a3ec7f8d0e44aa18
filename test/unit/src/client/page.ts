import { afterEach, beforeEach, vi } from 'vitest';
import type { Page, PageEvents } from '../../../../src/client/core/page.ts';

/** A browser's socket as a test plays it. */
export class ScriptedSocket extends EventTarget {
	readonly url: string;
	readonly protocols: string[];
	readonly sent: unknown[] = [];
	binaryType = 'blob';
	bufferedAmount = 0;
	extensions = '';
	protocol = '';
	readyState: number = WebSocket.CONNECTING;
	/** How the page has closed it. */
	closed: { code: number | undefined; reason: string | undefined } | undefined;

	constructor(url: string | URL, protocols: string | string[] = []) {
		super();
		this.url = String(url);
		this.protocols = [protocols].flat();
	}

	send(data: unknown): void {
		this.sent.push(data);
	}

	close(code?: number, reason?: string): void {
		this.closed = { code, reason };
		this.readyState = WebSocket.CLOSING;
	}

	/** The server lets it in. */
	accept(): void {
		this.readyState = WebSocket.OPEN;
		this.dispatchEvent(new Event('open'));
	}

	/** A message comes. */
	receive(data: unknown): void {
		this.dispatchEvent(new MessageEvent('message', { data }));
	}

	/** The server closes it. */
	end(code: number, reason = ''): void {
		this.readyState = WebSocket.CLOSED;
		this.dispatchEvent(Object.assign(new Event('close'), { code, reason, wasClean: true }));
	}

	/** The handshake, or the connection, fails: browsers do not say why. */
	fail(): void {
		this.readyState = WebSocket.CLOSED;
		this.dispatchEvent(Object.assign(new Event('error'), { message: '', error: new Error('') }));
		this.dispatchEvent(
			Object.assign(new Event('close'), { code: 1006, reason: '', wasClean: false })
		);
	}
}

/** A page in which nothing happens but what a test plays. */
export class ScriptedPage implements Page {
	readonly url = 'https://app.example/room/1?a=1#top';
	base = '';
	readonly run = <T>(listeners: () => T): T => listeners();
	readonly sockets: ScriptedSocket[] = [];
	readonly WebSocket: typeof WebSocket;
	/** What probes are answered; rejects where there is no answer. */
	readonly fetch = vi.fn<Page['fetch']>(() => Promise.reject(new TypeError('fetch failed')));
	#listeners: PageEvents[] = [];

	constructor() {
		const { sockets } = this;
		this.WebSocket = class extends ScriptedSocket {
			constructor(url: string | URL, protocols?: string | string[]) {
				super(url, protocols);
				sockets.push(this);
			}
		} as unknown as typeof WebSocket;
	}

	listen(events: PageEvents, signal: AbortSignal | undefined): () => void {
		this.#listeners.push(events);
		signal?.addEventListener('abort', events.abort);
		return () => {
			signal?.removeEventListener('abort', events.abort);
			this.#listeners = this.#listeners.filter((each) => each !== events);
		};
	}

	/** How many connections listen to the page. */
	get listeners(): number {
		return this.#listeners.length;
	}

	tell(event: keyof PageEvents): void {
		for (const listener of [...this.#listeners]) listener[event]();
	}

	/** The newest socket, once the page has opened `count` of them in total. */
	async socket(count: number): Promise<ScriptedSocket> {
		for (let waited = 0; this.sockets.length < count; waited += 1) {
			if (waited > 1000) throw new Error(`Only ${this.sockets.length} sockets were opened`);
			await vi.advanceTimersByTimeAsync(100);
		}
		const socket = this.sockets[count - 1];
		if (socket === undefined || this.sockets.length > count) throw new Error('One socket too many');
		return socket;
	}
}

/** A page for each test, on a clock that the test moves, where no delay is random. */
export function eachOnPage(use: (page: ScriptedPage) => void): void {
	beforeEach(() => {
		vi.useFakeTimers();
		vi.spyOn(Math, 'random').mockReturnValue(0.5);
		use(new ScriptedPage());
	});
	afterEach(() => {
		vi.useRealTimers();
		vi.restoreAllMocks();
	});
}
