export interface OriginRules {
	allowedOrigins: 'same-origin' | '*' | readonly string[];
	/** Kit's `csrf.trustedOrigins`. */
	trustedOrigins: readonly string[];
	/** `paths.origin` is set: then the scheme is known and counts too. */
	isPinned: boolean;
}

/**
 * Whether a page of `origin` may open a socket to `url`. Browsers let every page connect everywhere, with the cookies of
 * the place it connects to (RFC 6455, section 10.2). Without an `Origin` header it is no browser. Origins are compared as
 * the text that browsers send, which has one form for each (the URL standard, and RFC 6454, section 6.2).
 */
export function isAllowedOrigin(origin: string | undefined, url: URL, rules: OriginRules): boolean {
	if (origin === undefined || rules.allowedOrigins === '*') return true;
	// Kit takes the star for all of them.
	if (rules.trustedOrigins.includes(origin) || rules.trustedOrigins.includes('*')) return true;
	if (Array.isArray(rules.allowedOrigins) && rules.allowedOrigins.includes(origin)) return true;
	return isSameOrigin(origin, url, rules.isPinned);
}

/** Behind a proxy the scheme is a guess, so only the host counts, with the port that the page's scheme implies. */
export function isSameOrigin(origin: string, url: URL, isPinned: boolean): boolean {
	const scheme = /^https?:/.exec(origin)?.[0];
	if (scheme === undefined) return false;
	if (isPinned) return origin === url.origin;
	const target = `${scheme}//${url.hostname}${url.port === '' ? '' : `:${url.port}`}`;
	return URL.canParse(target) && origin === new URL(target).origin;
}
