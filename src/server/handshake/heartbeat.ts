import { heartbeatParam } from '../../shared/heartbeat.ts';
import { withUrl } from './target.ts';

/** Whether a client has asked for a heartbeat that it can see. */
export function wantsHeartbeat(target: string): boolean {
	return paramsOf(target).includes(heartbeatParam);
}

/** The request as the app should see it: what our own client has added is not the app's. */
export function withoutHeartbeat(request: Request): Request {
	const params = paramsOf(request.url);
	if (!params.includes(heartbeatParam)) return request;
	const own = params.filter((param) => param !== heartbeatParam).join('&');
	const path = request.url.slice(0, request.url.indexOf('?'));
	return withUrl(request, own === '' ? path : `${path}?${own}`);
}

function paramsOf(target: string): string[] {
	const start = target.indexOf('?');
	return start === -1 ? [] : target.slice(start + 1).split('&');
}
