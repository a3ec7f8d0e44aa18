import type { RequestEvent } from '@sveltejs/kit';
import { sharedRegistry } from '../registry/global.ts';

/** Kit's `Handle`, which lives in another module in each of its major versions. */
type Handle = (input: {
	event: RequestEvent;
	resolve(event: RequestEvent, options?: object): Promise<Response>;
}) => Response | Promise<Response>;

/** What Kit's generated `get_hooks` returns, as far as it matters here. */
interface Hooks {
	handle?: Handle;
}

/**
 * Put upgrades in the place where Kit renders pages: inside the app's `handle`. The build wraps Kit's `get_hooks` in
 * this. Every request that is no upgrade goes its usual way, and so does each one that `event.fetch` makes inside one.
 */
export function withUpgrades<H extends Hooks>(hooks: H): H {
	const appHandle: Handle = hooks.handle ?? (({ event, resolve }) => resolve(event));
	const handle: Handle = (input) => {
		const interception = sharedRegistry().interceptions.getStore();
		if (interception === undefined || input.event.isSubRequest) return appHandle(input);
		interception.enter(input.event);
		return appHandle({
			event: input.event,
			resolve: (event, options) => interception.resolve(event, () => input.resolve(event, options))
		});
	};
	return { ...hooks, handle };
}
