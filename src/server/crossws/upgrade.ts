import type { UpgradeEvent } from '../socket/handler.ts';
import { SocketHooks } from './hooks.ts';
import { hooksIn } from './resolved.ts';
import type { CrosswsSocket } from './peer.ts';
import type { CrosswsOptions, CrosswsRequest, CrosswsUpgrade } from './types.ts';

type Event = Pick<UpgradeEvent, 'request' | 'url' | 'locals' | 'cookies' | 'setHeaders'>;

/** An upgrade that hooks of crossws let in. */
export interface Accepted {
	socket: CrosswsSocket;
	/** What they have chosen, if anything. */
	protocol: string | undefined;
}

/**
 * Ask the hooks, and put their headers on the 101.
 * @returns a response that refuses, or what they let in
 * @throws whatever the hooks throw that is no response
 */
export async function upgrade(
	{ hooks: common = {}, resolve }: CrosswsOptions,
	event: Event
): Promise<Accepted | Response> {
	const context: Record<string, unknown> = { locals: event.locals };
	const request: CrosswsRequest = Object.assign(event.request, { context });
	let hooks: SocketHooks;
	let decision: CrosswsUpgrade | Response | undefined;
	try {
		const own = hooksIn(await resolve?.(request), request);
		hooks = new SocketHooks(common, own);
		decision = await hooks.upgrade(request);
	} catch (error) {
		const response = responseIn(error);
		if (response === undefined) throw error;
		return response;
	}
	if (decision instanceof Response) return decision;
	Object.assign(context, decision?.context);
	const headers = new Headers(decision?.headers);
	addHeaders(event, headers);
	return {
		socket: { request, context, namespace: decision?.namespace || event.url.pathname, hooks },
		protocol: decision?.protocol ?? headers.get('sec-websocket-protocol') ?? undefined
	};
}

/** crossws lets hooks throw a response, or an error that carries one. */
function responseIn(error: unknown): Response | undefined {
	if (error instanceof Response) return error;
	const { response } = Object(error) as { response?: unknown };
	return response instanceof Response ? response : undefined;
}

function addHeaders({ cookies, setHeaders }: Event, headers: Headers): void {
	for (const cookie of headers.getSetCookie()) setCookie(cookies, cookie);
	for (const [name, value] of headers) {
		if (name !== 'set-cookie' && !name.startsWith('sec-websocket-')) setHeaders({ [name]: value });
	}
}

/** Kit wants cookies in parts. */
function setCookie(cookies: Event['cookies'], cookie: string): void {
	const [pair = '', ...attributes] = cookie.split(';').map((each) => each.trim());
	const [name, value] = halves(pair);
	const found = new Map(
		attributes.map((each) => {
			const [key, of] = halves(each);
			return [key.toLowerCase(), of];
		})
	);
	const [maxAge, expires] = [found.get('max-age'), found.get('expires')];
	const sameSite = found.get('samesite')?.toLowerCase();
	cookies.set(name, value, {
		encode: (text) => text,
		path: found.get('path') ?? '',
		domain: found.get('domain'),
		maxAge: maxAge === undefined ? undefined : Number(maxAge),
		expires: expires === undefined ? undefined : new Date(expires),
		httpOnly: found.has('httponly'),
		secure: found.has('secure'),
		partitioned: found.has('partitioned'),
		sameSite: sameSite === 'lax' || sameSite === 'strict' || sameSite === 'none' ? sameSite : false
	});
}

function halves(text: string): [string, string] {
	const at = text.indexOf('=');
	return at === -1 ? [text, ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
