import { once } from 'node:events';
import { createServer as createHttpServer, request, type Server as HttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { runApp, type RunningApp } from '../support/server.ts';
import { plainHttp, soon } from './chat.ts';

/** The app of the client's tests as `test/support/setup.ts` built it. */
const clientBuild = fileURLToPath(new URL('./fixtures/client/build', import.meta.url));

export function runClientApp(env: Record<string, string>): Promise<RunningApp> {
	return runApp({ args: [clientBuild], env: { PROTOCOL_HEADER: 'x-forwarded-proto', ...env } });
}

/** Where the server's sockets are, as paths. */
export async function peersOf(app: Pick<RunningApp, 'url'>): Promise<string[]> {
	const response = await fetch(`${app.url}/peers`);
	return ((await response.json()) as string[]).toSorted();
}

/** Cut every socket of the server. */
export async function cutPeers(app: RunningApp): Promise<void> {
	// Kit takes a request without a type for a form.
	const headers = { 'content-type': 'application/json' };
	const { status } = await fetch(`${app.url}/peers`, { method: 'DELETE', headers });
	if (status !== 200) throw new Error(`The server has answered ${status}`);
}

/** One tab, and what the panels on its page show. */
export class Tab implements AsyncDisposable {
	readonly page: Page;
	readonly context: BrowserContext;
	/** Errors that nothing caught. */
	readonly problems: string[] = [];
	/** What this package has said on the console. */
	readonly lines: string[] = [];

	private constructor(context: BrowserContext, page: Page) {
		this.context = context;
		this.page = page;
		page.on('pageerror', (error) => this.problems.push(error.message));
		page.on('console', (line) => {
			if (line.text().startsWith('[svelte-adapter-ws]')) this.lines.push(line.text());
		});
	}

	/** @param headers sent with every request. Those that Chromium does not know make a request ask for permission first. */
	static async open(
		browser: Browser,
		url: string,
		path = '/',
		headers: Record<string, string> = plainHttp
	): Promise<Tab> {
		const context = await browser.newContext({ baseURL: url, extraHTTPHeaders: headers });
		const tab = new Tab(context, await context.newPage());
		await tab.page.goto(path);
		return tab;
	}

	/** Go to another page without leaving this one. */
	async follow(name: string): Promise<void> {
		await this.page.getByRole('link', { name, exact: true }).click();
	}

	/** What stands in a field of a panel. */
	async read(field: string, panel = 'socket'): Promise<string> {
		const text = await this.page.locator(`[data-name="${panel}"] .${field}`).textContent();
		return text?.trim() ?? '';
	}

	async readJson(field: string, panel = 'socket'): Promise<unknown> {
		return JSON.parse(await this.read(field, panel));
	}

	async press(button: string, panel = 'socket'): Promise<void> {
		await this.page
			.locator(`[data-name="${panel}"]`)
			.getByRole('button', { name: button, exact: true })
			.click();
	}

	async shows(field: string, value: string, panel = 'socket'): Promise<void> {
		await soon(() => this.read(field, panel)).toBe(value);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.context.close();
	}
}

/** A proxy between browser and server that can stop letting anything through, without a word. */
export class StallingProxy implements AsyncDisposable {
	readonly url: string;
	readonly #server: ReturnType<typeof createServer>;
	readonly #sockets: Set<Socket>;

	private constructor(server: ReturnType<typeof createServer>, sockets: Set<Socket>) {
		this.#server = server;
		this.#sockets = sockets;
		this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}

	static async to(port: number): Promise<StallingProxy> {
		const sockets = new Set<Socket>();
		const server = createServer((incoming) => {
			const outgoing = connect(port, '127.0.0.1');
			for (const [from, to] of [
				[incoming, outgoing],
				[outgoing, incoming]
			] as const) {
				sockets.add(from);
				from.on('error', () => to.destroy()).on('close', () => to.destroy());
				from.pipe(to);
			}
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		return new StallingProxy(server, sockets);
	}

	/** From now on nothing gets through on the connections that there are. */
	stall(): void {
		for (const socket of this.#sockets) {
			socket.unpipe();
			socket.pause();
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		this.#server.close();
		await once(this.#server, 'close');
	}
}

/** A proxy of the kind that was set up for pages: handshakes are requests like others to it. */
export class PlainProxy implements AsyncDisposable {
	readonly url: string;
	readonly #server: HttpServer;

	private constructor(server: HttpServer) {
		this.#server = server;
		this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}

	static async to(port: number): Promise<PlainProxy> {
		const server = createHttpServer((req, res) => {
			const { upgrade: _, connection: __, ...headers } = req.headers;
			const onward = request(
				{ host: '127.0.0.1', port, path: req.url, method: req.method, headers },
				(answer) => {
					res.writeHead(answer.statusCode ?? 502, answer.headers);
					answer.pipe(res);
				}
			);
			onward.on('error', () => res.destroy());
			req.pipe(onward);
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		return new PlainProxy(server);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		this.#server.close();
		await once(this.#server, 'close');
	}
}
