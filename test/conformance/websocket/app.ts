import { afterAll, beforeAll, expect } from 'vitest';
import { openClient, type Client } from '../../support/client.ts';
import { RawConnection, type RawResponse } from '../../support/raw.ts';
import type { RunningApp } from '../../support/server.ts';
import type { Subject, Variant } from './subject.ts';

/** The tests have no TLS in front of the server, so they say themselves that they came over plain HTTP. */
const plainHttp = { 'x-forwarded-proto': 'http' };

/** One running app for the tests of a `describe`, and what they ask of it. */
export class App {
	#running: RunningApp | undefined;
	#tags = 0;

	constructor(subject: Subject, variant: Variant = 'default', env?: Record<string, string>) {
		beforeAll(async () => {
			this.#running = await subject.run(variant, env);
		});
		afterAll(() => this.#running?.[Symbol.asyncDispose]());
	}

	get running(): RunningApp {
		if (this.#running === undefined) throw new Error('The app does not run yet');
		return this.#running;
	}

	get port(): number {
		return this.running.port;
	}

	/** A name that no other test uses. */
	tag(): string {
		this.#tags += 1;
		return `tag${this.#tags}`;
	}

	/** A socket, when it is open. */
	open(
		path: string,
		headers: Record<string, string> = {},
		protocols: string[] = []
	): Promise<Client> {
		return openClient(this.port, { path, protocols, headers: { ...plainHttp, ...headers } });
	}

	/** The answer to a handshake, 101 or not. */
	async upgrade(path: string, headers: Record<string, string> = {}): Promise<RawResponse> {
		await using connection = await RawConnection.open(this.port);
		connection.write(this.handshake(path, headers));
		return await connection.response();
	}

	/** A good handshake, in which some headers may differ; an empty one is left out. */
	handshake(path: string, headers: Record<string, string> = {}): string {
		const all = {
			...plainHttp,
			host: `127.0.0.1:${this.port}`,
			connection: 'Upgrade',
			upgrade: 'websocket',
			'sec-websocket-version': '13',
			'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
			...headers
		};
		const lines = Object.entries(all)
			.filter(([, value]) => value !== '')
			.map(([name, value]) => `${name}: ${value}\r\n`);
		return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
	}

	async text(path: string, init: RequestInit = {}): Promise<string> {
		const headers = { ...plainHttp, 'content-type': 'application/json' };
		const response = await fetch(`${this.running.url}${path}`, {
			...init,
			headers: { ...headers, ...(init.headers as Record<string, string> | undefined) }
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text}`);
		return text;
	}

	async json<T>(path: string, init?: RequestInit): Promise<T> {
		return JSON.parse(await this.text(path, init)) as T;
	}

	/** What the app's hooks noted under a tag. */
	journal(tag: string, base = ''): Promise<string[]> {
		return this.json(`${base}/journal?of=${tag}`);
	}

	/** When the journal says exactly this. */
	async noted(tag: string, lines: unknown[], base = ''): Promise<void> {
		await expect.poll(() => this.journal(tag, base)).toEqual(lines);
	}

	async registry(topic = ''): Promise<{
		isOne: boolean;
		isGlobal: boolean;
		size: number;
		ids: string[];
		subscribers: number;
		count: number;
		countOnTopic: number;
	}> {
		return this.json(`/registry?topic=${topic}`);
	}
}
