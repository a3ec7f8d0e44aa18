import { heartbeatParam, noticeParam } from '../../shared/heartbeat.ts';
import { keyPath } from '../key-path.ts';
import type { Route } from '../socket/route.ts';
import type { SessionStart } from '../socket/session.ts';
import { withUrl } from './target.ts';

type Wanted = Pick<SessionStart, 'heartbeat' | 'isTold'>;

const ours = [heartbeatParam, noticeParam];

/**
 * What a client has asked for in its query: a heartbeat that it can see, and to be told when the server leaves. With a
 * one-time URL it could not connect again.
 * @param interval milliseconds from one beat to the next
 */
export function wantedBy(target: string, { id }: Pick<Route, 'id'>, interval: number): Wanted {
	const params = paramsOf(target);
	return {
		heartbeat: params.includes(heartbeatParam) ? interval : undefined,
		isTold: id !== keyPath && params.includes(noticeParam)
	};
}

/** The request as the app should see it: what our own client has added is not the app's. */
export function withoutHeartbeat(request: Request): Request {
	const params = paramsOf(request.url);
	const own = params.filter((param) => !ours.includes(param));
	if (own.length === params.length) return request;
	const path = request.url.slice(0, request.url.indexOf('?'));
	return withUrl(request, own.length === 0 ? path : `${path}?${own.join('&')}`);
}

function paramsOf(target: string): string[] {
	const start = target.indexOf('?');
	return start === -1 ? [] : target.slice(start + 1).split('&');
}
