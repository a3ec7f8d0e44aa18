import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, describe, expect, test, type TestContext } from 'vitest';
import { connectClient } from '../support/client.ts';
import { cuttable } from '../support/cuttable.ts';
import type { RunningApp } from '../support/server.ts';
import { runBesideBrowser } from './browser.ts';
import { chats, freePort, Person, plainHttp, runChat, soon } from './chat.ts';

describe.each(chats)('with SvelteKit $kit on $engine', ({ engine, build }) => {
	let app: RunningApp;
	let browser: Browser;
	let tabs: Person[] = [];

	runBesideBrowser(
		() => runChat({ ENGINE: engine }, build),
		(...running) => ([app, browser] = running)
	);

	afterEach(async ({ task }) => {
		const open = tabs;
		tabs = [];
		try {
			if (task.result?.state === 'fail') await takeScreenshots(open, task.name);
			expect(open.flatMap((tab) => tab.problems())).toEqual([]);
		} finally {
			await Promise.all(open.map((tab) => tab.leave()));
		}
	});

	test('a name that cannot be seen is refused with a message, and a good one leads into the lobby', async () => {
		const ada = await arrive();
		ada.expects(/status of 400/);
		await ada.page.goto('/');
		await ada.choose('   ');
		await soon(() => ada.page.getByRole('alert').innerText()).toContain(
			'1 to 24 visible characters'
		);
		await ada.choose('Ada');
		await ada.connected();
		expect(new URL(ada.page.url()).pathname).toBe('/chat/lobby');
		await soon(() => ada.whoIsHere()).toEqual(['Ada']);
		await ada.page.getByText('(you)').waitFor();
	});

	test('two people see each other under "Who is here"', async () => {
		const [ada, grace] = await meet('presence');
		await soon(() => ada.whoIsHere()).toEqual(['Ada', 'Grace']);
		await soon(() => grace.whoIsHere()).toEqual(['Ada', 'Grace']);
	});

	test('messages travel both ways and stand in the same order for both', async () => {
		const [ada, grace] = await meet('order');
		const said = [
			'Ada: hello',
			'Ada: who is there?',
			'Ada: … anybody?',
			'Grace: me',
			'Ada: welcome'
		];
		await ada.say('hello');
		await ada.say('who is there?');
		await ada.say('… anybody?');
		await soon(() => grace.conversation()).toEqual(said.slice(0, 3));
		await grace.say('me');
		await soon(() => ada.conversation()).toEqual(said.slice(0, 4));
		await ada.say('welcome');
		await soon(() => grace.conversation()).toEqual(said);
		await soon(() => ada.conversation()).toEqual(said);
	});

	test('who enters sees what was said before', async () => {
		const ada = await arrive();
		await ada.enter('Ada', 'history');
		await ada.say('is anybody there?');
		await soon(() => ada.conversation()).toEqual(['Ada: is anybody there?']);
		const grace = await arrive();
		await grace.enter('Grace', 'history');
		await soon(() => grace.conversation()).toEqual(['Ada: is anybody there?']);
	});

	test('the others see who types', async () => {
		const [ada, grace] = await meet('typing');
		await ada.page.getByLabel('Message').fill('hel');
		await soon(() => grace.whoTypes()).toEqual(['Ada']);
		expect(await ada.whoTypes()).toEqual([]);
		await ada.say('hello');
		await soon(() => grace.whoTypes()).toEqual([]);
	});

	test('who is cut off for five seconds misses nothing of what two people type, and nothing comes twice', async () => {
		await using way = await cuttable(app.port);
		const [ada, grace] = await meet('cut', 'cut', way);
		const alan = await arrive();
		await alan.enter('Alan', 'cut');
		const people = { Ada: ada, Grace: grace, Alan: alan };
		await using plain = await connectClient(`${app.url}/chat/cut`, {
			headers: { ...plainHttp, cookie: 'name=Bot' }
		});
		for (const person of [ada, grace])
			person.expects(/WebSocket connection to .* failed|net::ERR_/);
		const said: string[] = [];
		const round = async (label: string) => {
			for (const [name, person] of Object.entries(people)) {
				await person.say(`${label} by ${name}`);
				said.push(`${name}: ${label} by ${name}`);
			}
		};
		await round('before');
		for (const person of [ada, grace, alan])
			await soon(() => person.conversation()).toHaveLength(3);
		way.cut();
		for (const person of [ada, grace]) await soon(() => person.status()).not.toBe('Connected');
		const end = performance.now() + 5000;
		for (let count = 1; performance.now() < end; count += 1) await round(`while away ${count}`);
		way.mend();
		for (const person of [ada, grace]) await person.connected();
		await round('after');
		for (const person of [ada, grace, alan]) {
			await soon(async () => (await person.conversation()).toSorted()).toEqual(said.toSorted());
		}
		const heard = await Promise.all([ada, grace, alan].map((person) => person.conversation()));
		expect(new Set(heard.map((lines) => lines.join('\n'))).size).toBe(1);
		for (const name of Object.keys(people)) {
			const own = (lines: string[] = []) => lines.filter((line) => line.startsWith(`${name}:`));
			expect(own(heard[0])).toEqual(own(said));
		}
		const messages = plain.received.map((each) => JSON.parse(each) as { type: string });
		expect(messages.map(({ type }) => type)).toEqual(said.map(() => 'message'));
		for (const person of [ada, grace]) expect(await person.page.getByRole('alert').count()).toBe(0);
	});

	test('a message stays in its room', async () => {
		const [ada, grace] = await meet('here', 'there');
		await ada.say('only here');
		await soon(() => ada.conversation()).toEqual(['Ada: only here']);
		await grace.say('only there');
		await soon(() => grace.conversation()).toEqual(['Grace: only there']);
		expect(await ada.conversation()).toEqual(['Ada: only here']);
		expect(await ada.whoIsHere()).toEqual(['Ada']);
	});

	test('text that looks like HTML is shown as text', async () => {
		const [ada, grace] = await meet('markup');
		await ada.say('<b>bold</b> <img src=x onerror=alert(1)>');
		await soon(() => grace.conversation()).toEqual([
			'Ada: <b>bold</b> <img src=x onerror=alert(1)>'
		]);
	});

	test('the announcement form reaches everybody in the room', async () => {
		const [ada, grace] = await meet('announce');
		await ada.announce('lunch is ready');
		for (const person of [ada, grace]) {
			await soon(() => person.conversation()).toEqual(['Announcement from Ada: lunch is ready']);
		}
		await soon(() => ada.page.getByLabel('Announcement').inputValue()).toBe('');
	});

	test('the announcement form reaches people in other rooms', async () => {
		const [ada, grace] = await meet('upstairs', 'downstairs');
		await ada.announce('fire drill');
		for (const person of [ada, grace]) {
			await soon(() => person.conversation()).toEqual(['Announcement from Ada: fire drill']);
		}
	});

	test('a person with two tabs shows once, until the last of them is closed', async () => {
		const [ada, grace] = await meet('tabs');
		const second = await ada.openTab();
		tabs.push(second);
		await second.visit('tabs');
		await soon(() => second.whoIsHere()).toEqual(['Ada', 'Grace']);
		await soon(() => grace.whoIsHere()).toEqual(['Ada', 'Grace']);

		await second.page.close();
		await ada.say('one tab less');
		await soon(() => grace.conversation()).toEqual(['Ada: one tab less']);
		expect(await grace.whoIsHere()).toEqual(['Ada', 'Grace']);

		await ada.page.close();
		await soon(() => grace.whoIsHere()).toEqual(['Grace']);
	});

	test('a person who goes to another room leaves this one', async () => {
		const [ada, grace] = await meet('random');
		await soon(() => grace.whoIsHere()).toEqual(['Ada', 'Grace']);
		await ada.page.getByRole('link', { name: '# design' }).click();
		await soon(() => grace.whoIsHere()).toEqual(['Grace']);
		await soon(() => ada.whoIsHere()).toEqual(['Ada']);
		expect(new URL(ada.page.url()).pathname).toBe('/chat/design');
		expect(await ada.conversation()).toEqual([]);
	});

	test('a person who goes to the start page and signs out is gone from the room', async () => {
		const [ada, grace] = await meet('leaving');
		await soon(() => grace.whoIsHere()).toEqual(['Ada', 'Grace']);
		await ada.page.getByRole('link', { name: 'Chat', exact: true }).click();
		await soon(() => grace.whoIsHere()).toEqual(['Grace']);
		await ada.page.getByRole('button', { name: 'Sign out' }).click();
		await ada.page.getByLabel('Your name').waitFor();
	});

	test('without a name a room sends to the form, which leads back to that room', async () => {
		const ada = await arrive();
		await ada.page.goto('/chat/book-club');
		expect(new URL(ada.page.url()).pathname).toBe('/');
		await ada.page.getByText('You were on your way to').waitFor();
		await ada.choose('Ada');
		await ada.connected();
		expect(new URL(ada.page.url()).pathname).toBe('/chat/book-club');
	});

	test('a page without the cookie cannot open a socket', async () => {
		const stranger = await arrive();
		stranger.expects(/WebSocket connection to .* failed: HTTP Authentication failed/);
		await stranger.page.goto('/');
		const url = `${app.url.replace('http', 'ws')}/chat/lobby`;
		const ended = await stranger.page.evaluate(
			(address) =>
				new Promise<number | 'open'>((resolve) => {
					const socket = new WebSocket(address);
					socket.addEventListener('open', () => resolve('open'));
					socket.addEventListener('close', ({ code }) => resolve(code));
				}),
			url
		);
		expect(ended).toBe(1006);
	});

	test('a page connects again by itself after the server was killed and started anew', async () => {
		const PORT = await freePort();
		await using first = await runChat({ PORT, ENGINE: engine }, build);
		const [ada, grace] = await meet('phoenix', 'phoenix', first);
		// a handshake while there is no server, and the probe after it
		const failures = /WebSocket connection to .* failed|net::ERR_CONNECTION_REFUSED/;
		for (const person of [ada, grace]) person.expects(failures);
		await ada.say('before');
		await soon(() => grace.conversation()).toEqual(['Ada: before']);

		first.signal('SIGSTOP');
		await ada.say('into the void');
		first.signal('SIGKILL');
		await first.exited;
		await soon(() => ada.status()).not.toBe('Connected');
		await soon(() => ada.page.getByRole('alert').innerText()).toContain('“into the void”');
		await ada.say('typed offline');
		await soon(() => grace.status()).not.toBe('Connected');
		await using second = await runChat({ PORT, ENGINE: engine }, build);
		expect(second.url).toBe(first.url);

		await ada.connected();
		await grace.connected();
		await soon(() => ada.whoIsHere()).toEqual(['Ada', 'Grace']);
		// what was typed offline goes out as soon as its own page is back, whoever is there by then
		await soon(() => ada.conversation()).toEqual(['Ada: before', 'Ada: typed offline']);
		await grace.say('after');
		await soon(() => ada.conversation()).toEqual([
			'Ada: before',
			'Ada: typed offline',
			'Grace: after'
		]);
		await ada.page.getByRole('button', { name: 'Say it again' }).click();
		await soon(async () => (await grace.conversation()).at(-1)).toBe('Ada: into the void');
		expect(await ada.page.getByRole('alert').count()).toBe(0);
	});

	async function arrive(at: Pick<RunningApp, 'url'> = app): Promise<Person> {
		const person = await Person.arrive(browser, at.url);
		tabs.push(person);
		return person;
	}

	/** Ada and Grace, each in a browser of her own, in one room or in two. */
	async function meet(
		room: string,
		other = room,
		at: Pick<RunningApp, 'url'> = app
	): Promise<[Person, Person]> {
		const [ada, grace] = [await arrive(at), await arrive(at)];
		await Promise.all([ada.enter('Ada', room), grace.enter('Grace', other)]);
		return [ada, grace];
	}

	async function takeScreenshots(of: Person[], name: TestContext['task']['name']): Promise<void> {
		const folder = await mkdtemp(join(tmpdir(), 'chat-e2e-'));
		for (const [index, { page }] of of.entries()) {
			if (!page.isClosed()) await page.screenshot({ path: join(folder, `${index + 1}.png`) });
		}
		console.error(`Screenshots of "${name}" are in ${folder}`);
	}
});
