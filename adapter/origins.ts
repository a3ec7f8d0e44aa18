/** Pages without a host send these as they are; some apps in a shell of their own send the second. */
const withoutHost = ['null', 'file://'];

/** `capacitor://localhost`, `chrome-extension://abc`, `app://[::1]:80`; http(s) and what is no page's are looked at apart. */
const ownScheme =
	/^(?!https?:|wss?:)[a-z][a-z\d+.-]*:\/\/(?:[a-z\d._~-]+|\[[a-f\d:.]+\])(?::[1-9]\d{0,4})?$/;

/**
 * What is wrong with an origin that is to be compared with what browsers send, as a sentence.
 * @returns undefined for one that has their form
 */
export function originProblem(origin: unknown): string | undefined {
	if (typeof origin !== 'string') return 'An origin is a string.';
	if (withoutHost.includes(origin)) return undefined;
	if (origin === 'same-origin') {
		return "The app's own origin is allowed anyway: leave 'same-origin' out of the list.";
	}
	const shown = JSON.stringify(origin);
	if (origin.includes('*')) {
		return `A star stands for nothing in a list, as in ${shown}: name each origin, or write '*' instead of the list.`;
	}
	if (ownScheme.test(origin)) return undefined;
	const meant = browserForm(origin.trim());
	if (meant === undefined) return `No page has the origin ${shown}.`;
	return meant === origin ? undefined : `Instead of ${shown} browsers send "${meant}": write that.`;
}

/** What a browser would send as the origin of a page at `text`, if there can be one. */
function browserForm(text: string): string | undefined {
	const page = /^[a-z][a-z\d+.-]*:\/\//i.test(text)
		? text.replace(/^ws/i, 'http')
		: `https://${text}`;
	if (!URL.canParse(page)) return undefined;
	const { protocol, host, origin } = new URL(page);
	if (/^https?:$/.test(protocol)) return origin;
	const other = `${protocol}//${host.toLowerCase()}`;
	return ownScheme.test(other) ? other : undefined;
}
