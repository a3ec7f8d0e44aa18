import { untrack } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import { navigating, page } from '$app/state';
import { browserPage } from './core/browser-page.ts';
import { Connection } from './core/connection.ts';
import type { ConnectionOptions, Target, UrlSource } from './core/types.ts';
import { runInLifetime } from './lifetime.svelte.ts';

export interface WebSocketOptions<In> extends ConnectionOptions<In> {
	/**
	 * Close when the page navigates to another path: for components, and layouts that stay. A module may be loaded before
	 * anybody goes to its page. Default: false.
	 */
	closeOnNavigate?: boolean | undefined;
}

/** A connection that lives as long as the component, or module, in which it is made. */
export function createConnection<In, Out>(
	url: UrlSource,
	options: WebSocketOptions<In>
): Connection<In, Out> {
	const ask = typeof url === 'function' ? url : () => url;
	/** What the effect was given is for the next attempt: to ask twice might use up two tokens. */
	let fresh: { url: Target } | undefined;
	const next = () => {
		const target = fresh ? fresh.url : ask();
		fresh = undefined;
		return target;
	};
	const isServer = typeof document === 'undefined';
	const Kind = isServer ? RenderedConnection<In, Out> : Connection<In, Out>;
	const connection = new Kind(browserPage(), next, options);
	runInLifetime(() => {
		if (options.autoConnect ?? true) connection.open();
		return () => connection.close();
	});
	followUrl(ask, connection, (target, isElsewhere) => {
		fresh = { url: target };
		if (isElsewhere) connection.moveTo(next);
	});
	if (options.closeOnNavigate) whenNavigated(() => connection.close());
	return connection;
}

/** On the server nothing is opened, sent or kept, whatever a component asks for while it is rendered. */
class RenderedConnection<In, Out> extends Connection<In, Out> {
	override open(): void {}

	override reconnect(): void {}

	override send(): boolean {
		return false;
	}
}

/**
 * While the connection is wanted, ask for the URL, and again when what it was made of changes. For a promise that takes a
 * while, in which the connection stays where it is; if the URL cannot be had, it does so too.
 */
function followUrl<In, Out>(
	ask: () => Target,
	connection: Connection<In, Out>,
	changed: (target: Target, isElsewhere: boolean) => void
): void {
	const seeState = createSubscriber((update) => connection.on('state', update));
	const isWanted = $derived((seeState(), connection.isWanted));
	/** Where it is. */
	let place: string | undefined;
	let isResumed = true;
	let asked = 0;
	runInLifetime(() => {
		const number = (asked += 1);
		if (!isWanted) {
			isResumed = true;
			return;
		}
		const target = attempt(ask);
		// The next attempt is about to ask.
		const isAwaited = isResumed && target instanceof Promise;
		isResumed = false;
		if (isAwaited) untrack(() => changed(target, false));
		const arrive = (url: string | URL | null | undefined) => {
			if (number !== asked) return;
			const isMove = !isAwaited && place !== undefined && place !== String(url);
			place = String(url);
			if (isMove) untrack(() => changed(url, true));
		};
		if (target instanceof Promise) target.then(arrive, () => {});
		else arrive(target);
	});
}

/** What goes wrong is for the connection to tell, if it comes to that. */
function attempt(ask: () => Target): Target {
	try {
		return ask();
	} catch (error) {
		return Promise.reject<never>(error);
	}
}

function whenNavigated(leave: () => void): void {
	let path: string | undefined;
	runInLifetime(() => {
		// A module may be loaded by the very navigation that leads to its page.
		const { origin, pathname } = (path === undefined && navigating.to?.url) || page.url;
		// Before Kit has started it is somewhere else altogether.
		if (origin !== location.origin || pathname === path) return;
		const isFirst = path === undefined;
		path = pathname;
		if (!isFirst) untrack(leave);
	});
}
