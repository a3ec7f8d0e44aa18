import { BROWSER, DEV } from 'esm-env';
import { untrack } from 'svelte';
import { invalidateAll } from '$app/navigation';
import { navigating, page } from '$app/state';
import { basePath } from './base-path.ts';
import { browserPage } from './core/browser-page.ts';
import { Connection } from './core/connection.ts';
import { ConnectionError } from './core/errors.ts';
import type { ConnectionOptions, Gap, Target, UrlSource } from './core/types.ts';
import { mindOrphan } from './dev/orphans.ts';
import { followUrl } from './follow-url.svelte.ts';
import { runInLifetime } from './lifetime.svelte.ts';
import type { ParamsSource } from './params.ts';
import { placeOf } from './place.ts';

export interface WebSocketOptions<In> extends ConnectionOptions<In> {
	/**
	 * Close when the page navigates to another path: for components, and layouts that stay. A module may be loaded before
	 * anybody goes to its page. Default: false.
	 */
	closeOnNavigate?: boolean | undefined;
	/** What to do where something was missed for good: `'invalidate'` reloads the data of the page. Default: nothing. */
	onGap?: 'invalidate' | ((gap: Gap) => void) | undefined;
	/** What stands in the brackets of a path in Kit's route syntax. A function, or a getter, is watched. */
	params?: ParamsSource | undefined;
}

/** A connection, and how to end what lives with it. */
export interface OwnedConnection<In, Out> {
	readonly connection: Connection<In, Out>;
	/** Close it for good. Whoever takes this looks after its end. */
	takeEnd(): () => void;
}

/** A connection that lives as long as the component, or module, in which it is made. */
export function createConnection<In, Out>(
	url: UrlSource,
	given: WebSocketOptions<In>
): OwnedConnection<In, Out> {
	// They may be state, which is not to be what an effect depends on.
	const options = untrack(() => ({ ...given }));
	const ask = () => placeOf(url, given.params);
	/** What the effect was given is for the next attempt: to ask twice might use up two tokens. */
	let fresh: { url: Target } | undefined;
	const next = () => {
		const target = fresh ? fresh.url : ask();
		fresh = undefined;
		return target;
	};
	const Kind = BROWSER ? Connection<In, Out> : RenderedConnection<In, Out>;
	const connection = new Kind(browserPage(untrack, basePath), next, options);
	const { onGap } = options;
	if (onGap) connection.on('gap', onGap === 'invalidate' ? () => void invalidateAll() : onGap);
	const destroy = runInLifetime(() => {
		$effect(() => {
			if (options.autoConnect ?? true) connection.open();
			return () => connection.close();
		});
		followUrl(ask, connection, (target, isElsewhere) => {
			fresh = { url: target };
			if (isElsewhere) connection.moveTo(next);
		});
		if (options.closeOnNavigate) whenNavigated(() => connection.close());
	});
	return own(connection, destroy, options);
}

/** @param destroy ends its effects; absent where somebody else does */
function own<In, Out>(
	connection: Connection<In, Out>,
	destroy: (() => void) | undefined,
	{ autoConnect = true, signal }: WebSocketOptions<In>
): OwnedConnection<In, Out> {
	let isTaken = signal || !autoConnect;
	const end = () => {
		connection.close();
		destroy?.();
	};
	if (destroy) signal?.addEventListener('abort', destroy, { once: true });
	if (DEV && destroy) mindOrphan(end, () => Boolean(isTaken));
	return {
		connection,
		takeEnd() {
			isTaken = true;
			return end;
		}
	};
}

/** On the server nothing is opened, sent or kept, whatever a component asks for while it is rendered. */
class RenderedConnection<In, Out> extends Connection<In, Out> {
	override open(): void {}

	override reconnect(): void {}

	override send(): boolean {
		return false;
	}

	override request(): Promise<never> {
		const answer = Promise.reject<never>(
			new ConnectionError('closed', { what: 'Nothing is asked while a page is rendered' })
		);
		// Nobody may wait for it, which is no reason to end the server.
		answer.catch(() => {});
		return answer;
	}
}

function whenNavigated(leave: () => void): void {
	let path: string | undefined;
	$effect(() => {
		// A module may be loaded by the very navigation that leads to its page.
		const { origin, pathname } = (path === undefined && navigating.to?.url) || page.url;
		// Before Kit has started it is somewhere else altogether.
		if (origin !== location.origin || pathname === path) return;
		const isFirst = path === undefined;
		path = pathname;
		if (!isFirst) leave();
	});
}
