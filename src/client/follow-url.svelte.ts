import type { Connection } from './core/connection.ts';
import type { Target } from './core/types.ts';

/**
 * While the connection is wanted, ask for the URL, and again when what it was made of changes. For a promise that takes a
 * while, in which the connection stays where it is; if the URL cannot be had, it does so too.
 */
export function followUrl<In, Out>(
	ask: () => Target,
	connection: Connection<In, Out>,
	changed: (target: Target, isElsewhere: boolean) => void
): void {
	let isWanted = $state.raw(connection.isWanted);
	connection.on('state', () => ({ isWanted } = connection));
	/** Where it is. */
	let place: string | undefined;
	let isResumed = true;
	let asked = 0;
	$effect(() => {
		const number = (asked += 1);
		if (!isWanted) {
			isResumed = true;
			return;
		}
		const target = attempt(ask);
		// The next attempt is about to ask.
		const isAwaited = isResumed && target instanceof Promise;
		isResumed = false;
		if (isAwaited) changed(target, false);
		const arrive = (url: string | URL | null | undefined) => {
			if (number !== asked) return;
			const isMove = !isAwaited && place !== undefined && place !== String(url);
			place = String(url);
			if (isMove) changed(url, true);
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
