/** The path of a request's target, as it was sent. */
export function pathOf(target: string): string {
	return target.split('?', 1)[0] ?? '';
}

/** Whether a path could be one that somebody has written down. */
export function isDecodable(pathname: string): boolean {
	try {
		decodeURI(pathname);
		return true;
	} catch {
		return false;
	}
}

/** What Kit lets through where it routes by the hash; the second is the one that no file of a preview server answers. */
export function hashRoot(base: string): string {
	return base === '' ? '/[fallback]' : `${base}/`;
}

/** The same request at another URL, which may be relative to its own. */
export function withUrl(request: Request, url: string): Request {
	return new Request(new URL(url, request.url), request);
}

/** Whether `reroute` leads to another path than the request as the app sees it. */
export function isElsewhere(rerouted: string | undefined, { url }: Request): rerouted is string {
	return rerouted !== undefined && rerouted !== new URL(url).pathname;
}
