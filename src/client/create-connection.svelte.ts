import { untrack } from 'svelte';
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
	runInLifetime(() => () => connection.close());
	followUrl(ask, (target, isFirst) => {
		fresh = { url: target };
		if (!isFirst) connection.moveTo(next);
		else if (options.autoConnect ?? true) connection.open();
	});
	if (options.closeOnNavigate) whenNavigated(() => connection.close());
	return connection;
}

/** Ask for the URL, and again when what it was made of changes. A promise is another one each time. */
function followUrl(ask: () => Target, moved: (target: Target, isFirst: boolean) => void): void {
	let current: { key: unknown } | undefined;
	runInLifetime(() => {
		const target = attempt(ask);
		const key = target instanceof URL ? target.href : target;
		if (current && current.key === key) return;
		const isFirst = current === undefined;
		current = { key };
		untrack(() => moved(target, isFirst));
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
