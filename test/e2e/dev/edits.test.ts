import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectClient, refusal, type Client } from '../../support/client.ts';
import { editableApp } from '../../support/dev-app.ts';

const hook = 'src/websocket.ts';

/** A hook file with one handler, or a map of them. */
const hooks = (handlers: string, above = '') => `
	import { defineWebSocket } from 'svelte-adapter-ws/server';
	${above}
	export const websocket = defineWebSocket(${handlers});`;

const answer = (version: string) => `{ message: (peer) => void peer.send('${version}') }`;
const echo = (version: string) => hooks(`{ '/echo': ${answer(version)} }`);

/** What a socket is told when it asks. */
async function ask(client: Client, question = '?'): Promise<string> {
	client.send(question);
	return String(await client.message());
}

/** The first answer of a new socket. */
async function askAnew(url: string): Promise<string> {
	await using client = await connectClient(url);
	return await ask(client);
}

const statusAt = async (url: string) => (await refusal(url)).status;

/** The answer to a socket that is let in, or else the status of the refusal. */
async function statusOrAnswer(url: string): Promise<string> {
	return await askAnew(url).catch(async () => String(await statusAt(url)));
}

const get = async (url: string) => await (await fetch(url)).text();

describe('an edit of the hook file', () => {
	it('applies to the next message of a socket that is open', async () => {
		await using app = await editableApp({ [hook]: echo('one') });
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/echo`);
		expect(await ask(client)).toBe('one');
		await app.write(hook, echo('two'));
		await expect.poll(() => ask(client)).toBe('two');
		expect(client.isOpen).toBe(true);
	});

	it('applies to the next upgrade, close and error', async () => {
		const all = (version: string) =>
			hooks(`{ '/all': {
				upgrade: () => ({ version: '${version}' }),
				open: (peer) => peer.send('upgraded by ' + peer.data.version + ', opened by ${version}'),
				message(peer, message) {
					if (message.text() === 'fail') throw new Error('failed');
					peer.send('${version}');
				},
				error: (peer, error) => peer.send(error.message + ' in ${version}'),
				close: () => console.log('closed by ${version}')
			} }`);
		await using app = await editableApp({ [hook]: all('one') });
		await using server = await app.vite('dev');
		const client = await connectClient(`${server.url}/all`);
		expect(await client.message()).toBe('upgraded by one, opened by one');
		await app.write(hook, all('two'));
		await expect.poll(() => ask(client, '?')).toBe('two');
		expect(await ask(client, 'fail')).toBe('failed in two');
		await client.close();
		await server.printed(/closed by two/);
		expect(server.output()).not.toContain('closed by one');
		await using next = await connectClient(`${server.url}/all`);
		expect(await next.message()).toBe('upgraded by two, opened by two');
	});

	it('adds a path, and removes one for new sockets', async () => {
		await using app = await editableApp({
			[hook]: hooks(`{ '/kept': ${answer('kept one')}, '/gone': ${answer('gone one')} }`)
		});
		await using server = await app.vite('dev');
		await using kept = await connectClient(`${server.url}/kept`);
		await using gone = await connectClient(`${server.url}/gone`);
		expect(await statusAt(`${server.url}/new`)).toBe(404);
		await app.write(
			hook,
			hooks(`{ '/kept': ${answer('kept two')}, '/new': ${answer('new two')} }`)
		);
		await expect.poll(() => ask(kept)).toBe('kept two');
		expect(await askAnew(`${server.url}/new`)).toBe('new two');
		expect(await statusAt(`${server.url}/gone`)).toBe(404);
		expect(await ask(gone)).toBe('gone one');
	});

	it('moves a path to another pattern', async () => {
		const at = (path: string) =>
			hooks(`{ '${path}': { open: (peer) => peer.send(JSON.stringify(peer.params)) } }`);
		await using app = await editableApp({ [hook]: at('/room/[id]') });
		await using server = await app.vite('dev');
		await using before = await connectClient(`${server.url}/room/7`);
		expect(await before.message()).toBe('{"id":"7"}');
		await app.write(hook, at('/room/[...path]'));
		await expect
			.poll(async () => {
				await using after = await connectClient(`${server.url}/room/7`);
				return await after.message();
			})
			.toBe('{"path":"7"}');
	});

	it('turns a map into one handler of every path, and back', async () => {
		await using app = await editableApp({ [hook]: echo('map one') });
		await using server = await app.vite('dev');
		expect(await statusAt(`${server.url}/any`)).toBe(404);
		await app.write(hook, hooks(answer('all')));
		await expect.poll(() => askAnew(`${server.url}/echo`)).toBe('all');
		await using any = await connectClient(`${server.url}/any`);
		expect(await ask(any)).toBe('all');
		await app.write(hook, echo('map two'));
		await expect.poll(() => askAnew(`${server.url}/echo`)).toBe('map two');
		expect(await statusAt(`${server.url}/any`)).toBe(404);
		expect(await ask(any)).toBe('all');
	});

	it('that changes nothing leaves sockets as they are', async () => {
		const file = hooks(
			`{ '/echo': { message: (peer) => void peer.send(String(born)) } }`,
			'const born = globalThis.births = (globalThis.births ?? 0) + 1;'
		);
		await using app = await editableApp({ [hook]: file });
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/echo`);
		expect(await ask(client)).toBe('1');
		await app.write(hook, file);
		await expect.poll(() => ask(client)).toBe('2');
		expect(client.isOpen).toBe(true);
	});

	it('does not double the listeners of a peer', async () => {
		const listening = (version: string) =>
			hooks(`{ '/echo': {
				open: (peer) => peer.addEventListener('message', () => peer.send('listener')),
				message: (peer) => void peer.send('${version}')
			} }`);
		await using app = await editableApp({ [hook]: listening('one') });
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/echo`);
		for (const version of ['two', 'three']) {
			await app.write(hook, listening(version));
			await expect
				.poll(async () => {
					client.send('?');
					return [await client.message(), await client.message()];
				})
				.toEqual([version, 'listener']);
		}
		expect(client.waiting).toBe(0);
	});

	it('may come by another file that takes its place', async () => {
		await using app = await editableApp({ [hook]: echo('v0') });
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/echo`);
		expect(await ask(client)).toBe('v0');
		for (const version of ['v1', 'v2', 'v3']) {
			await app.write('src/.websocket.ts.swp', echo(version));
			await rename(join(app.folder, 'src/.websocket.ts.swp'), join(app.folder, hook));
			await expect.poll(() => ask(client)).toBe(version);
		}
	});

	it('is the last one of many in quick succession', async () => {
		await using app = await editableApp({ [hook]: echo('v0') });
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/echo`);
		expect(await ask(client)).toBe('v0');
		for (const burst of ['a', 'b', 'c']) {
			for (let save = 1; save <= 10; save += 1) await app.write(hook, echo(`${burst}${save}`));
			await expect.poll(() => ask(client)).toBe(`${burst}10`);
		}
		expect(server.output()).not.toContain('cannot be used');
	});
});

/** Modules that say which instance of them is asked, and count. */
const counted = (name: string) => `
	const births = (globalThis.births ??= {});
	births.${name} = (births.${name} ?? 0) + 1;
	const instance = '${name}' + births.${name};
	let count = 0;
	export const next = () => instance + ':' + ++count;
	export const now = () => instance + ':' + count;`;

describe('an edit of another module', () => {
	const version = (value: string) => `export const version = '${value}';`;
	const answering = (from: string, above = '') => `
		import { version } from '${from}';
		${above}
		export const websocket = { '/echo': { message: (peer) => void peer.send(version) } };`;

	it('applies where the hook file imports it', async () => {
		await using app = await editableApp({
			[hook]: answering('./lib/version'),
			'src/lib/version.ts': version('one')
		});
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/echo`);
		expect(await ask(client)).toBe('one');
		await app.write('src/lib/version.ts', version('two'));
		await expect.poll(() => ask(client)).toBe('two');
	});

	it('applies where the hook file imports what imports it', async () => {
		await using app = await editableApp({
			[hook]: answering('./above.js'),
			'src/above.js': `export { version } from './between.js';`,
			'src/between.js': `export * from './version.js';`,
			'src/version.js': version('one')
		});
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/echo`);
		expect(await ask(client)).toBe('one');
		await app.write('src/version.js', version('two'));
		await expect.poll(() => ask(client)).toBe('two');
		await app.write('src/between.js', version('three'));
		await expect.poll(() => ask(client)).toBe('three');
	});

	it('applies where a dynamic import of the hook file has loaded it', async () => {
		const lazy = `export const websocket = { '/echo': {
			message: async (peer) => void peer.send((await import('./version.ts')).version)
		} };`;
		await using app = await editableApp({ [hook]: lazy, 'src/version.ts': version('one') });
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/echo`);
		expect(await ask(client)).toBe('one');
		await app.write('src/version.ts', version('two'));
		await expect.poll(() => ask(client)).toBe('two');
	});
});

/** An app whose pages and hook share a module, and that has modules of each alone. */
const sharing = {
	[hook]: `
		import { next } from './lib/server/state';
		import { now } from './lib/server/sockets-only';
		const version = 'hook one';
		export const websocket = { '/count': {
			message: (peer) => void peer.send([version, next(), now()].join())
		} };`,
	'src/lib/server/state.ts': counted('state'),
	'src/lib/server/sockets-only.ts': counted('sockets'),
	'src/lib/server/pages-only.ts': `export const version = 'page one';`,
	'src/routes/count/+server.ts': `
		import { now } from '../../lib/server/state';
		import { version } from '../../lib/server/pages-only';
		export const GET = () => new Response([version, now()].join());`
};

describe('a module that sockets and pages share', () => {
	it('keeps its state while the hook file alone is edited', async () => {
		await using app = await editableApp(sharing);
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/count`);
		expect(await ask(client)).toBe('hook one,state1:1,sockets1:0');
		expect(await get(`${server.url}/count`)).toBe('page one,state1:1');
		await app.write(hook, sharing[hook].replace('hook one', 'hook two'));
		await expect.poll(() => ask(client)).toMatch(/^hook two,state1:\d+,sockets1:0$/);
		const [, state] = (await ask(client)).split(',');
		expect(await get(`${server.url}/count`)).toBe(`page one,${state}`);
	});

	it('keeps its state while a module of the hook alone is edited, which starts anew', async () => {
		await using app = await editableApp(sharing);
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/count`);
		expect(await ask(client)).toBe('hook one,state1:1,sockets1:0');
		expect(await get(`${server.url}/count`)).toBe('page one,state1:1');
		await app.write('src/lib/server/sockets-only.ts', `${counted('sockets')}\n`);
		await expect.poll(() => ask(client)).toMatch(/^hook one,state1:\d+,sockets2:0$/);
		const [, state] = (await ask(client)).split(',');
		expect(await get(`${server.url}/count`)).toBe(`page one,${state}`);
	});

	it('starts anew as one when it is edited', async () => {
		await using app = await editableApp(sharing);
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/count`);
		expect(await ask(client)).toBe('hook one,state1:1,sockets1:0');
		expect(await get(`${server.url}/count`)).toBe('page one,state1:1');
		await app.write('src/lib/server/state.ts', `${counted('state')}\n`);
		await expect.poll(() => ask(client)).toMatch(/,state2:\d+,/);
		const [, state] = (await ask(client)).split(',');
		expect(await get(`${server.url}/count`)).toBe(`page one,${state}`);
	});

	it('keeps its state while a module of a page alone is edited', async () => {
		await using app = await editableApp(sharing);
		await using server = await app.vite('dev');
		await using client = await connectClient(`${server.url}/count`);
		expect(await ask(client)).toBe('hook one,state1:1,sockets1:0');
		expect(await get(`${server.url}/count`)).toBe('page one,state1:1');
		await app.write('src/lib/server/pages-only.ts', `export const version = 'page two';`);
		await expect.poll(() => get(`${server.url}/count`)).toBe('page two,state1:1');
		expect(await ask(client)).toBe('hook one,state1:2,sockets1:0');
		expect(await get(`${server.url}/count`)).toBe('page two,state1:2');
	});
});

describe('a hook file that comes and goes', () => {
	it('needs no restart', async () => {
		await using app = await editableApp();
		await using server = await app.vite('dev');
		expect(await statusAt(`${server.url}/echo`)).toBe(404);
		for (const version of ['one', 'two']) {
			await app.write(hook, echo(version));
			await expect.poll(() => statusOrAnswer(`${server.url}/echo`)).toBe(version);
			await using client = await connectClient(`${server.url}/echo`);
			await app.remove(hook);
			await expect.poll(() => statusOrAnswer(`${server.url}/echo`)).toBe('404');
			expect(await ask(client)).toBe(version);
		}
		expect(server.output()).not.toContain('cannot be used');
	});

	it('may be in JavaScript, and give way to one in TypeScript', async () => {
		await using app = await editableApp();
		await using server = await app.vite('dev');
		expect(await statusAt(`${server.url}/echo`)).toBe(404);
		await app.write('src/websocket.js', echo('js'));
		await expect.poll(() => statusOrAnswer(`${server.url}/echo`)).toBe('js');
		await using client = await connectClient(`${server.url}/echo`);
		await app.write(hook, echo('ts'));
		await expect.poll(() => ask(client)).toBe('ts');
		await app.remove(hook);
		await expect.poll(() => ask(client)).toBe('js');
	});

	it('finds param matchers that come later', async () => {
		await using app = await editableApp({
			[hook]: hooks(`{ '/item/[id=integer]': ${answer('item')} }`)
		});
		await using server = await app.vite('dev');
		expect(await statusAt(`${server.url}/item/7`)).toBe(404);
		await server.printed(/bad_route|cannot be used/);
		await app.write(
			'src/params.ts',
			`import { defineParams } from '@sveltejs/kit/params';
			export const params = defineParams({ integer: (param) => /^\\d+$/.test(param) ? param : undefined });`
		);
		await expect.poll(() => statusOrAnswer(`${server.url}/item/7`)).toBe('item');
		expect(await statusAt(`${server.url}/item/x`)).toBe(404);
	});
});

describe('what modules set up while they are evaluated', () => {
	/** A hook file that adds a path and makes a key; the imported module adds another path. */
	const adding = (version: number) => `
		import { websockets } from 'svelte-adapter-ws/server';
		import './more.ts';
		const live = websockets.continuous('/live', { message: (peer) => void peer.send('live ${version}') });
		const url = websockets.use(
			{ url: new URL('http://localhost') },
			{ message: (peer) => void peer.send('key') },
			{ ttl: 300 }
		);
		const { keys } = globalThis[Symbol.for('svelte-adapter-ws')];
		export const websocket = { '/state': { message: (peer) => void peer.send([
			${version}, live.peers.size, keys.size
		].join()) } };`;
	const more = (version: number) => `
		import { websockets } from 'svelte-adapter-ws/server';
		websockets.continuous('/more', { message: (peer) => void peer.send('more ${version}') });`;

	it('does not pile up', async () => {
		await using app = await editableApp({ [hook]: adding(0), 'src/more.ts': more(0) });
		await using server = await app.vite('dev');
		await using state = await connectClient(`${server.url}/state`);
		await using live = await connectClient(`${server.url}/live`);
		await using others = await connectClient(`${server.url}/more`);
		for (let version = 1; version <= 20; version += 1) {
			await app.write(hook, adding(version));
			await expect.poll(() => ask(state)).toMatch(new RegExp(`^${version},1,`));
		}
		expect(await ask(live)).toBe('live 20');
		expect(await ask(others)).toBe('more 0');
		await app.write('src/more.ts', more(1));
		await expect.poll(() => ask(others)).toBe('more 1');
		expect(await askAnew(`${server.url}/more`)).toBe('more 1');
		await expect.poll(() => ask(state)).toBe('20,1,0');
		expect([live.waiting, others.waiting]).toEqual([0, 0]);
	});
});
