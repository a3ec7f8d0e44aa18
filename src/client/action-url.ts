import { applyAction, deserialize } from '$app/forms';
import { ConnectionError } from './core/errors.ts';

/** Milliseconds. */
const timeout = 12_000;

/**
 * The URL that a form action returns: `{ url }`, as `websockets.use` makes it. A redirect is followed.
 * @param gone nobody wants it any more
 * @throws {ConnectionError} `refused` with the status of a failure, an error or a redirect; `bad_url` if there is no URL
 */
export async function actionUrl(action: string, gone: AbortSignal): Promise<string> {
	const response = await fetch(action, {
		method: 'POST',
		body: new FormData(),
		headers: { accept: 'application/json', 'x-sveltekit-action': 'true' },
		cache: 'no-store',
		signal: AbortSignal.any([gone, AbortSignal.timeout(timeout)])
	});
	const result = deserialize<{ url?: unknown }, never>(await response.text());
	if (result.type === 'redirect') await applyAction(result);
	if (result.type !== 'success') throw refusedBy(action, result.status ?? response.status);
	const { url } = result.data ?? {};
	if (typeof url === 'string') return url;
	throw new ConnectionError('bad_url', {
		what: 'The form action of a socket has returned no URL',
		value: action,
		todo: 'Return { url: websockets.use(event, handler) } from it.'
	});
}

function refusedBy(action: string, status: number): ConnectionError {
	return new ConnectionError('refused', {
		what: `The form action of a socket has answered with the status ${status}`,
		value: action,
		status
	});
}
