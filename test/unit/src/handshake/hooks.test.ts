import { pathToFileURL } from 'node:url';
import type { RequestEvent } from '@sveltejs/kit';
import * as requests from '@sveltejs/kit/internal/server';
import { describe, expect, it } from 'vitest';
import { sharedRegistry } from '../../../../src/server/registry/global.ts';
import { withUpgrades as wrap } from '../../../../src/server/handshake/hooks.ts';
import { PendingUpgrade } from '../../../../src/server/handshake/upgrade.ts';
import { fakeEvent } from '../../support/event.ts';
import { tempFolder } from '../../support/folder.ts';

interface Input {
	event: RequestEvent;
	resolve(event: RequestEvent): Promise<Response>;
}

const withUpgrades = <H extends Parameters<typeof wrap>[0]>(hooks: H): H => wrap(hooks, requests);

const page = () => Promise.resolve(new Response('the page'));

function pendingUpgrade(url = 'https://example.com/chat'): PendingUpgrade {
	const match = { route: { id: '/chat', handler: { upgrade: () => 'data' } }, params: {} };
	return new PendingUpgrade(() => match, new Request(url), []);
}

const inUpgrade = <T>(pending: PendingUpgrade, run: () => T): T =>
	sharedRegistry().interceptions.run(pending, run);

describe('withUpgrades', () => {
	it('leaves a request that is no upgrade to the app', async () => {
		const { handle } = withUpgrades({ handle: ({ event, resolve }: Input) => resolve(event) });
		const response = await handle({ event: fakeEvent().event, resolve: page });
		expect(await response.text()).toBe('the page');
	});

	it('works for an app without a handle', async () => {
		const { handle } = withUpgrades<{ handle?: (input: Input) => Promise<Response> }>({});
		const response = await handle?.({ event: fakeEvent().event, resolve: page });
		expect(await response?.text()).toBe('the page');
		const pending = pendingUpgrade();
		await inUpgrade(pending, () => handle?.({ event: fakeEvent().event, resolve: page }));
		expect(pending.accepted?.data).toBe('data');
	});

	it('runs upgrade where handle resolves, with what handle has put into locals', async () => {
		const { handle } = withUpgrades({
			handle: async ({ event, resolve }: Input) => {
				Object.assign(event.locals, { user: 'Ada' });
				return resolve(event);
			}
		});
		const pending = pendingUpgrade();
		await inUpgrade(pending, () => handle({ event: fakeEvent().event, resolve: page }));
		expect(pending.accepted).toMatchObject({ data: 'data', locals: { user: 'Ada' } });
	});

	it('lets handle answer by itself', async () => {
		const { handle } = withUpgrades({
			handle: ({ event }: Input) => Promise.resolve(new Response(event.url.href, { status: 403 }))
		});
		const pending = pendingUpgrade();
		const response = await inUpgrade(pending, () =>
			handle({ event: fakeEvent().event, resolve: page })
		);
		expect(response.status).toBe(403);
		expect(pending).toMatchObject({ isReached: true, accepted: undefined });
	});

	it('leaves a request that an upgrade makes inside the app to the app', async () => {
		const { handle } = withUpgrades({ handle: ({ event, resolve }: Input) => resolve(event) });
		const pending = pendingUpgrade();
		const event = Object.assign(fakeEvent().event, { isSubRequest: true });
		const response = await inUpgrade(pending, () => handle({ event, resolve: page }));
		expect(await response.text()).toBe('the page');
		expect(pending.isReached).toBe(false);
	});

	it('keeps upgrades apart that are under way at once', async () => {
		const turn = Promise.withResolvers<void>();
		const { handle } = withUpgrades({
			handle: async ({ event, resolve }: Input) => {
				await turn.promise;
				return resolve(event);
			}
		});
		const all = ['a', 'b', 'c'].map((name) => ({
			pending: pendingUpgrade(`https://example.com/${name}`),
			...fakeEvent(`https://example.com/${name}`, { name } as App.Locals)
		}));
		const answers = all.map(({ pending, event }) =>
			inUpgrade(pending, () => handle({ event, resolve: page }))
		);
		turn.resolve();
		await Promise.all(answers);
		expect(all.map(({ pending }) => pending.accepted?.locals)).toEqual([
			{ name: 'a' },
			{ name: 'b' },
			{ name: 'c' }
		]);
	});

	it('tells an upgrade what reroute makes of its path, and Kit the same', async () => {
		const { reroute } = withUpgrades({
			reroute: ({ url }: { url: URL }) => (url.pathname === '/de' ? '/en' : undefined)
		});
		const seen: (string | undefined)[] = [];
		const pending = Object.assign(pendingUpgrade(), {
			reroute: (path: string | undefined) => void seen.push(path)
		});
		const ask = (path: string) =>
			inUpgrade(pending, () => reroute?.({ url: new URL(path, 'https://example.com') }));
		expect(await ask('/de')).toBe('/en');
		expect(await ask('/fr')).toBeUndefined();
		expect(seen).toEqual(['/en', undefined]);
		expect(await reroute?.({ url: new URL('https://example.com/de') })).toBe('/en');
		expect(seen).toHaveLength(2);
	});

	it('does not take the path of what reroute fetches for that of the upgrade, however long it takes', async () => {
		const fetched = Promise.withResolvers<void>();
		const seen: (string | undefined)[] = [];
		const hooks = withUpgrades({
			async reroute({ url }: { url: URL }): Promise<string | undefined> {
				if (url.pathname === '/languages') {
					await fetched.promise;
					return '/api/languages';
				}
				// Kit asks for the path of what is fetched, too
				void hooks.reroute?.({ url: new URL('/languages', url) });
				return '/en';
			}
		});
		const pending = Object.assign(pendingUpgrade(), {
			reroute: (path: string | undefined) => void seen.push(path)
		});
		const url = new URL('https://example.com/de');
		expect(await inUpgrade(pending, () => hooks.reroute?.({ url }))).toBe('/en');
		fetched.resolve();
		await new Promise((resolve) => void setImmediate(resolve));
		expect(seen).toEqual(['/en']);
	});

	it('gives what upgrade throws to the resolve of Kit, which reads its options where it catches', async () => {
		const broken = new Error('upgrade broke');
		const upgrade = () => {
			throw broken;
		};
		const pending = new PendingUpgrade(
			() => ({ route: { id: '/chat', handler: { upgrade } }, params: {} }),
			new Request('https://example.com/chat'),
			[]
		);
		const caught: unknown[] = [];
		const resolve = (_: RequestEvent, options?: { transformPageChunk?: unknown }) => {
			try {
				void options?.transformPageChunk;
			} catch (error) {
				caught.push(error);
			}
			return Promise.resolve(new Response('broken', { status: 500 }));
		};
		const { handle } = withUpgrades({
			handle: ({ event, resolve: render }: Input) => render(event)
		});
		const response = await inUpgrade(pending, () => handle({ event: fakeEvent().event, resolve }));
		expect(response.status).toBe(500);
		expect(caught).toEqual([broken]);
	});

	it('lets the app that runs know of its handleError, the newest in dev', () => {
		withUpgrades({ handleError: () => 'old' });
		withUpgrades({ handleError: () => 'new' });
		expect(sharedRegistry().app.handleError?.({ error: undefined })).toBe('new');
		withUpgrades({});
		expect(sharedRegistry().app.handleError).toBeUndefined();
	});

	it('keeps the other hooks', () => {
		const hooks = { handle: page, init: () => {} };
		const { handle, ...rest } = withUpgrades(hooks);
		expect(rest).toEqual({ init: hooks.init });
		expect(handle).not.toBe(hooks.handle);
	});

	it('hands handleError what it was given, with a stack that names the sources', () => {
		const map = { version: 3, names: [], mappings: 'AAAA', sources: ['/app/src/hooks.ts'] };
		using folder = tempFolder({ 'hooks.js.map': JSON.stringify(map) });
		const told: unknown[] = [];
		const hooks = withUpgrades({ handleError: (input: { error: unknown }) => told.push(input) });
		const error = new Error('broken');
		error.stack = `Error: broken\n    at ${pathToFileURL(folder.path).href}/hooks.js:1:1`;
		const input = { error, event: 'the event' };
		hooks.handleError(input);
		expect(told).toEqual([input]);
		expect(error.stack).toMatch(/^Error: broken\n {4}at .*\/src\/hooks\.ts:1:1$/);
	});
});
