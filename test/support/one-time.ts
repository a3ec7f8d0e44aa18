/** What the form of `test/conformance/websocket/fixtures/app` takes. */
interface OneTimeFields {
	name: string;
	/** The path in `src/websocket.ts` whose handler it is for. Default: one that greets. */
	handler?: string;
	/** Milliseconds. */
	ttl?: string;
}

/**
 * The path of a URL that opens one socket, made as for a form that is posted by the page's own script.
 * @param url of the server
 */
export async function oneTimePath(
	url: string,
	fields: OneTimeFields,
	headers: Record<string, string> = {}
): Promise<string> {
	const response = await fetch(`${url}/one-time?tag=${encodeURIComponent(fields.name)}`, {
		method: 'POST',
		body: new URLSearchParams({ ...fields }),
		headers: { 'x-forwarded-proto': 'http', origin: url, accept: 'text/html', ...headers }
	});
	const html = await response.text();
	const made = /<output>(.*?)<\/output>/.exec(html)?.[1];
	if (made === undefined) throw new Error(`${response.status} ${html}`);
	return made.slice(made.indexOf('/_/'));
}
