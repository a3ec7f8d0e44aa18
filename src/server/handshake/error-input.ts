import { isHttpError, VERSION, type RequestEvent } from '@sveltejs/kit';
import { SvelteKitError } from '@sveltejs/kit/internal';

/** What Kit gives to `handleError`: `runtime/server/errors.js`, in SvelteKit 2 `runtime/server/utils.js`. */
export function errorInput(
	error: unknown,
	event: RequestEvent
): { error: unknown; event: RequestEvent; [name: string]: unknown } {
	const isFramework = error instanceof SvelteKitError;
	if (VERSION.startsWith('2.')) {
		if (isHttpError(error)) {
			return { error, event, status: error.status, message: error.body.message };
		}
		const { status, text } = isFramework ? error : { status: 500, text: 'Internal Error' };
		return { error, event, status, message: text };
	}
	if (isHttpError(error)) return { kind: 'app', error: error.body, event };
	if (!isFramework) return { kind: 'unknown', error, event };
	return { kind: 'framework', error: { status: error.status, message: error.text }, event };
}
