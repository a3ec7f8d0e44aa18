import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Client } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { kit2Chat } from '../support/kit2.ts';
import { runApp, type RunningApp } from '../support/server.ts';

export { freePort };

/** The chat as `test/support/setup.ts` built it. */
export const chatBuild = fileURLToPath(new URL('../../examples/chat/build', import.meta.url));

/** Its twin, built with SvelteKit 2. */
const kit2ChatBuild = join(kit2Chat, 'build');

/** The builds of the chat, and what they run on. */
export const chats = [
	{ kit: 3, engine: 'uws', build: chatBuild },
	{ kit: 3, engine: 'node', build: chatBuild },
	{ kit: 3, engine: 'bun', build: chatBuild },
	{ kit: 2, engine: 'uws', build: kit2ChatBuild }
] as const;

/** The app whose hooks and streams misbehave. */
export const faultsBuild = fileURLToPath(new URL('./fixtures/faults/build', import.meta.url));

/** The tests have no TLS in front of the server, so they say themselves that they came over plain HTTP. */
export const plainHttp = { 'x-forwarded-proto': 'http' };

/** What the same build runs on. */
export const engines = ['uws', 'node', 'bun'] as const;

/** Those of `node build`. */
export const nodeEngines = ['uws', 'node'] as const;

export function runChat(env: Record<string, string> = {}, build = chatBuild): Promise<RunningApp> {
	return runApp({ args: [build], env: { PROTOCOL_HEADER: 'x-forwarded-proto', ...env } });
}

/** Say something in a room, as a client that is no browser's: it hears what the app has published, and nothing else. */
export async function sayPlainly(client: Client, text: string): Promise<void> {
	client.send(JSON.stringify({ text }));
	await expect.poll(() => client.received.at(-1)).toContain(`"text":"${text}"`);
	for (const each of client.received) expect(JSON.parse(each)).toMatchObject({ type: 'message' });
}

/** Asks again until the answer is as expected. */
export function soon<T>(read: () => T | Promise<T>) {
	return expect.poll(read);
}

/** One tab of somebody who uses the chat with a browser. */
export class Person {
	readonly page: Page;
	readonly #context: BrowserContext;
	readonly #problems: string[] = [];
	readonly #expected: RegExp[] = [];

	private constructor(context: BrowserContext, page: Page) {
		this.#context = context;
		this.page = page;
		page.on('pageerror', (error) => this.#problems.push(error.message));
		page.on('console', (message) => {
			if (message.type() === 'error') this.#problems.push(message.text());
		});
	}

	/** Somebody nobody knows yet. */
	static async arrive(browser: Browser, url: string): Promise<Person> {
		const context = await browser.newContext({
			baseURL: url,
			extraHTTPHeaders: plainHttp,
			viewport: { width: 1280, height: 800 }
		});
		return new Person(context, await context.newPage());
	}

	/** Another tab of the same person. */
	async openTab(): Promise<Person> {
		return new Person(this.#context, await this.#context.newPage());
	}

	/** Choose a name in the form that leads to the room, and wait until the room is connected. */
	async enter(name: string, room: string): Promise<void> {
		await this.page.goto(`/?room=${room}`);
		await this.choose(name);
		await this.page.waitForURL(`**/chat/${room}`);
		await this.connected();
	}

	async choose(name: string): Promise<void> {
		await this.page.getByLabel('Your name').fill(name);
		await this.page.getByRole('button', { name: 'Enter' }).click();
	}

	async visit(room: string): Promise<void> {
		await this.page.goto(`/chat/${room}`);
		await this.connected();
	}

	async connected(): Promise<void> {
		await soon(() => this.status()).toBe('Connected');
	}

	status(): Promise<string> {
		return this.page.getByRole('status').innerText();
	}

	async say(text: string): Promise<void> {
		await this.page.getByLabel('Message').fill(text);
		await this.page.getByRole('button', { name: 'Send' }).click();
	}

	async announce(text: string): Promise<void> {
		await this.page.getByLabel('Announcement').fill(text);
		await this.page.getByRole('button', { name: 'Announce' }).click();
	}

	/** The names under "Who is here", from top to bottom. */
	whoIsHere(): Promise<string[]> {
		const list = this.page.getByRole('list', { name: 'Who is here' });
		return list.locator('.name').allInnerTexts();
	}

	/** Those of them who are writing something. */
	whoTypes(): Promise<string[]> {
		const people = this.page.getByRole('list', { name: 'Who is here' }).getByRole('listitem');
		return people.filter({ hasText: 'types' }).locator('.name').allInnerTexts();
	}

	/** The conversation from top to bottom, as `Ada: hello`. */
	async conversation(): Promise<string[]> {
		const entries = this.page.getByRole('log').getByRole('listitem');
		const texts = await entries.allInnerTexts();
		return texts.map((entry) => {
			const lines = entry.split('\n').filter((line) => line.trim() !== '');
			return `${lines[0]?.replace(/:$/, '')}: ${lines.at(-1)}`;
		});
	}

	/** Errors on the page or its console that belong to what the test does. */
	expects(problem: RegExp): void {
		this.#expected.push(problem);
	}

	/** Errors on the page and its console that nobody expected. */
	problems(): string[] {
		return this.#problems.filter((each) => !this.#expected.some((pattern) => pattern.test(each)));
	}

	async leave(): Promise<void> {
		await this.#context.close();
	}
}
