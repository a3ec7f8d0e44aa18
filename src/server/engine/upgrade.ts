/**
 * RFC 6455, section 4.1, and RFC 9110, section 7.8: a GET whose `Upgrade` header names `websocket`, among others perhaps,
 * and whose `Connection` header names that one.
 */
export function asksForWebSocket(asked: Asked): boolean {
	return (
		asked.method === 'GET' &&
		names(asked.header('upgrade'), 'websocket') &&
		names(asked.header('connection'), 'upgrade')
	);
}

interface Asked {
	method: string | undefined;
	header(name: 'upgrade' | 'connection'): string | undefined;
}

function names(list: string | undefined, token: string): boolean {
	if (list === undefined) return false;
	return list
		.toLowerCase()
		.split(',')
		.some((each) => each.trim() === token);
}
