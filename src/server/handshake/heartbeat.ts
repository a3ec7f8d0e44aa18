import { heartbeatParam, noticeParam } from '../../shared/heartbeat.ts';
import { clientPattern, protocolParam, version } from '../../shared/protocol.ts';
import { keyPath } from '../key-path.ts';
import type { Route } from '../socket/route.ts';
import type { NewSession } from '../socket/create-session.ts';
import type { WantedClient } from '../socket/own-session.ts';
import { withUrl } from './target.ts';

const protocolStart = `${protocolParam}=`;

/** Of any version. */
const protocolPattern = new RegExp(String.raw`^${protocolStart}\d+\.`);

/**
 * What a client has asked for in its query: a heartbeat that it can see, frames, and to be told when the server leaves. With
 * a one-time URL it could not connect again.
 * @param interval milliseconds from one beat to the next
 */
export function wantedBy(
	target: string,
	{ id }: Pick<Route, 'id'>,
	interval: number
): Omit<NewSession, 'identity'> {
	const params = paramsOf(target);
	const client = clientOf(params);
	return {
		heartbeat: client || params.includes(heartbeatParam) ? interval : undefined,
		isTold: id !== keyPath && params.includes(noticeParam),
		client
	};
}

/** The request as the app should see it: what our own client has added is not the app's. */
export function withoutHeartbeat(request: Request): Request {
	const params = paramsOf(request.url);
	const own = params.filter((param) => !isOurs(param));
	if (own.length === params.length) return request;
	const path = request.url.slice(0, request.url.indexOf('?'));
	return withUrl(request, own.length === 0 ? path : `${path}?${own.join('&')}`);
}

/** A client may offer several versions; one that only later servers speak is none. */
function clientOf(params: string[]): WantedClient | undefined {
	for (const param of params) {
		if (!param.startsWith(protocolStart)) continue;
		const [asked, name = '', ...rest] = param.slice(protocolStart.length).split('.');
		if (asked !== String(version) || !clientPattern.test(name)) continue;
		return { name, resumes: rest.includes('r') };
	}
	return undefined;
}

function isOurs(param: string): boolean {
	return param === heartbeatParam || param === noticeParam || protocolPattern.test(param);
}

function paramsOf(target: string): string[] {
	const start = target.indexOf('?');
	return start === -1 ? [] : target.slice(start + 1).split('&');
}
