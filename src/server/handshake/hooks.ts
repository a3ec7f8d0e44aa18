import { isRedirect, type RequestEvent } from '@sveltejs/kit';
import { sharedRegistry } from '../registry/global.ts';
import { RequestContext } from './context.ts';
import { toKitRequests, type KitRequests, type RequestExports } from './kit-requests.ts';
import type { MaybePromise } from '../socket/types.ts';
import { currentOwner } from './request-owner.ts';
import { StackMapper } from '../stack.ts';

/** Kit's `Handle`, which lives in another module in each of its major versions. */
type Handle = (input: {
	event: RequestEvent;
	resolve(event: RequestEvent, options?: object): Promise<Response>;
}) => MaybePromise<Response>;

/** Kit's `Reroute`. What it returns without a value is no path. */
type Reroute = (input: { url: URL; fetch: typeof fetch }) => MaybePromise<unknown>;

/** Kit's `HandleServerError`, of which only the error matters here. */
type HandleError = (input: { error: unknown }) => unknown;

/** What Kit's generated `get_hooks` returns, as far as it matters here. */
interface Hooks {
	handle?: Handle;
	handleError?: HandleError;
	reroute?: Reroute;
}

/**
 * Put upgrades in the place where Kit renders pages: inside the app's `handle`. The build wraps Kit's `get_hooks` in
 * this. Every request that is no upgrade goes its usual way, and so does each one that `event.fetch` makes inside one.
 * @param requests where Kit keeps the request that it answers
 */
export function withUpgrades<H extends Hooks>(hooks: H, requests: RequestExports): H {
	const kit = toKitRequests(requests);
	const handleError = wrapHandleError(hooks.handleError);
	// In dev the hooks of an edited file come by here again.
	sharedRegistry().app = { handleError, owner: () => currentOwner(kit) };
	return {
		...hooks,
		handle: wrapHandle(hooks.handle, kit),
		handleError,
		reroute: wrapReroute(hooks.reroute)
	};
}

function wrapHandle(
	appHandle: Handle = ({ event, resolve }) => resolve(event),
	kit: KitRequests
): Handle {
	return ({ event, resolve }) => {
		const interception = sharedRegistry().interceptions.getStore();
		if (interception === undefined || event.isSubRequest) return appHandle({ event, resolve });
		return (
			interception.enter(event) ??
			appHandle({
				event,
				resolve: (given, options) =>
					interception.resolve(given, {
						render: () => resolve(given, options),
						fail: (error) => resolve(given, new Failure(error)),
						redirection: (error) => (isRedirect(error) ? error : undefined),
						context: () => new RequestContext(given, kit)
					})
			})
		);
	};
}

/** SvelteKit 3 has mapped what it reports itself; SvelteKit 2 has not. */
function wrapHandleError(appHandleError: HandleError | undefined): HandleError | undefined {
	const stacks = new StackMapper();
	return (
		appHandleError &&
		((input) => {
			stacks.map(input.error);
			return appHandleError(input);
		})
	);
}

/** Kit tells nobody which path it took, so its question is listened to. */
function wrapReroute(appReroute: Reroute | undefined): Reroute | undefined {
	return (
		appReroute &&
		(async (input) => {
			const { interceptions } = sharedRegistry();
			const interception = interceptions.getStore();
			// What it fetches inside the app has its own way to go.
			const path = await interceptions.run(undefined, () => appReroute(input));
			interception?.reroute(typeof path === 'string' ? path : undefined);
			return path;
		})
	);
}

/**
 * Options for Kit's `resolve` that make it fail with an error: it reads them inside of the `try` that turns what an
 * endpoint throws into a response (`runtime/server/respond.js`), and that is nowhere to be called.
 */
class Failure {
	readonly #error: unknown;

	constructor(error: unknown) {
		this.#error = error;
	}

	get transformPageChunk(): never {
		throw this.#error;
	}
}
