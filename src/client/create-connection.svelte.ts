import { untrack } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import { page } from '$app/state';
import { browserPage } from './core/browser-page.ts';
import { Connection } from './core/connection.ts';
import type { ConnectionOptions, Target, UrlSource } from './core/types.ts';
import { runInLifetime } from './lifetime.svelte.ts';

export interface WebSocketOptions<In> extends ConnectionOptions<In> {
	/** Close when the page navigates to another path. Default: false. */
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
	const connection = new Connection<In, Out>(browserPage(), next, options);
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

/**
 * While the connection is wanted, ask for the URL, and again when what it was made of changes. A promise is another one each
 * time, and where the connection was closed meanwhile it may be of the same place.
 */
function followUrl<In, Out>(
	ask: () => Target,
	connection: Connection<In, Out>,
	changed: (target: Target, isElsewhere: boolean) => void
): void {
	const seeState = createSubscriber((update) => connection.on('state', update));
	const isWanted = $derived((seeState(), connection.isWanted));
	let current: { key: unknown } | undefined;
	let isResumed = true;
	runInLifetime(() => {
		if (!isWanted) {
			isResumed = true;
			return;
		}
		const target = attempt(ask);
		const key = target instanceof URL ? target.href : target;
		const isSame = current && current.key === key;
		const isElsewhere = current !== undefined && !(isResumed && target instanceof Promise);
		isResumed = false;
		current = { key };
		if (!isSame) untrack(() => changed(target, isElsewhere));
	});
}

/** What goes wrong is for the connection to tell, if it comes to that. */
function attempt(ask: () => Target): Target {
	try {
		const target = ask();
		if (target instanceof Promise) target.catch(() => {});
		return target;
	} catch (error) {
		const failed = Promise.reject<never>(error);
		failed.catch(() => {});
		return failed;
	}
}

function whenNavigated(leave: () => void): void {
	let path: string | undefined;
	runInLifetime(() => {
		const { origin, pathname } = page.url;
		// Before Kit has started it is somewhere else altogether.
		if (origin !== location.origin || pathname === path) return;
		const isFirst = path === undefined;
		path = pathname;
		if (!isFirst) untrack(leave);
	});
}
