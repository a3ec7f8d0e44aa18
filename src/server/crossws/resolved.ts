import type { CrosswsHooks, CrosswsRequest, CrosswsResolved } from './types.ts';

/** Where `setWebSocketHooks` of crossws leaves hooks on a request. */
const key = Symbol.for('crossws.hooks');

/**
 * The hooks in what `resolve` has found: hooks, or what the `fetch` of an app has returned, with hooks on it or on the request.
 * An answer of the app that has none, and is no success, refuses.
 */
export function hooksIn(
	found: CrosswsResolved | undefined,
	request: CrosswsRequest
): CrosswsHooks | undefined {
	const onRequest = (request as { [key]?: CrosswsHooks })[key];
	if (found instanceof Response) {
		const hooks = found.crossws ?? onRequest;
		const isRefusal = !found.ok && found.crossws === undefined;
		if (isRefusal && !(found.status === 426 && hooks)) return { upgrade: () => found };
		void found.body?.cancel();
		return hooks;
	}
	if (found === undefined) return onRequest;
	if (!isAnswer(found)) return found;
	const { crossws: hooks = onRequest, headers } = found;
	return { ...hooks, upgrade: (asked) => upgradeWith(headers, hooks, asked) };
}

async function upgradeWith(
	common: ConstructorParameters<typeof Headers>[0],
	hooks: CrosswsHooks | undefined,
	request: CrosswsRequest
): Promise<Awaited<ReturnType<NonNullable<CrosswsHooks['upgrade']>>>> {
	const decision = await hooks?.upgrade?.(request);
	if (decision instanceof Response) return decision;
	const headers = new Headers(common);
	for (const [name, value] of new Headers(decision?.headers)) headers.set(name, value);
	return { ...decision, headers };
}

type Answer = Exclude<CrosswsResolved, CrosswsHooks | Response>;

function isAnswer(found: CrosswsHooks | Answer): found is Answer {
	return 'crossws' in found || 'headers' in found;
}
