import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { editableApp, filesOf, type EditableApp, type Files } from '../../support/dev-app.ts';
import type { RunningApp } from '../../support/server.ts';
import { openBrowser } from '../browser.ts';
import { Person, soon } from '../chat.ts';

const chat = fileURLToPath(new URL('../../../examples/chat', import.meta.url));

let files: Files;
let app: EditableApp;
let server: RunningApp;
let browser: Browser;

beforeAll(async () => {
	files = await filesOf(chat);
	app = await editableApp(files);
	[server, browser] = await Promise.all([app.vite('dev'), openBrowser()]);
});

afterAll(async () => {
	await browser?.close();
	await server?.[Symbol.asyncDispose]();
	await app?.[Symbol.asyncDispose]();
});

/** A person whose page tells when it is loaded again, or connects again. */
async function arrive(name: string) {
	const person = await Person.arrive(browser, server.url);
	const sockets: string[] = [];
	person.page.on('websocket', (socket) => sockets.push(new URL(socket.url()).pathname));
	await person.enter(name, 'lobby');
	// Vite reloads a page when it has found something new to optimise: from here on nothing of that kind comes.
	await person.page.waitForLoadState('networkidle');
	await person.connected();
	await person.page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
	const before = sockets.length;
	return {
		person,
		isSamePage: () => person.page.evaluate(() => 'isSamePage' in globalThis),
		reconnects: () => sockets.slice(before)
	};
}

async function edit(file: string, from: string, to: string): Promise<void> {
	const content = files[file] ?? '';
	expect(content).toContain(from);
	await app.write(file, content.replace(from, to));
}

test('the hook is edited while two pages are connected: they see what is new, and neither reload nor reconnect', async () => {
	const ada = await arrive('Ada');
	const grace = await arrive('Grace');
	const both = [ada, grace];
	await ada.person.say('hello');
	for (const { person } of both) await soon(() => person.conversation()).toEqual(['Ada: hello']);

	await edit('src/websocket.ts', 'text: value.text,', 'text: value.text.toUpperCase(),');
	await soon(async () => {
		await grace.person.say('is it new?');
		return (await grace.person.conversation()).at(-1);
	}).toBe('Grace: IS IT NEW?');
	await ada.person.say('yes');
	for (const { person } of both) {
		await soon(async () => (await person.conversation()).at(-1)).toBe('Ada: YES');
		expect((await person.conversation())[0]).toBe('Ada: hello');
	}

	await edit('src/lib/ConnectionStatus.svelte', "open: 'Connected'", "open: 'Online'");
	for (const { person } of both) await soon(() => person.status()).toBe('Online');

	await ada.person.say('still here');
	for (const { person, isSamePage, reconnects } of both) {
		await soon(async () => (await person.conversation()).at(-1)).toBe('Ada: STILL HERE');
		expect(await isSamePage()).toBe(true);
		expect(reconnects()).toEqual([]);
		expect(person.problems()).toEqual([]);
		await person.leave();
	}
}, 60_000);
