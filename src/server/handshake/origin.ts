export interface OriginRules {
	allowedOrigins: 'same-origin' | '*' | readonly string[];
	/** Kit's `csrf.trustedOrigins`. */
	trustedOrigins: readonly string[];
	/** `paths.origin` is set: then the scheme is known and counts too. */
	isPinned: boolean;
}

/**
 * Whether a page of `origin` may open a socket to `url`. Browsers let every page connect everywhere, with the cookies of
 * the place it connects to (RFC 6455, section 10.2). Without an `Origin` header it is no browser.
 */
export function isAllowedOrigin(origin: string | undefined, url: URL, rules: OriginRules): boolean {
	if (origin === undefined || rules.allowedOrigins === '*') return true;
	// Kit takes the star for all of them.
	if (rules.trustedOrigins.includes(origin) || rules.trustedOrigins.includes('*')) return true;
	if (Array.isArray(rules.allowedOrigins) && rules.allowedOrigins.includes(origin)) return true;
	return isSameOrigin(origin, url, rules.isPinned);
}

/** Behind a proxy the scheme is a guess, so only the host counts, with the port that the page's scheme implies. */
function isSameOrigin(origin: string, url: URL, isPinned: boolean): boolean {
	if (!URL.canParse(origin)) return false;
	const page = new URL(origin);
	if (isPinned) return page.origin === url.origin;
	const target = `${page.protocol}//${url.hostname}${implicitPort(url)}`;
	return URL.canParse(target) && page.host === new URL(target).host;
}

function implicitPort(url: URL): string {
	return url.port === '' ? '' : `:${url.port}`;
}
