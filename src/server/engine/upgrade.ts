/** RFC 6455, section 4.1: a GET whose `Upgrade` header names `websocket`, among others perhaps. */
export function asksForWebSocket(method: string | undefined, upgrade: string | undefined): boolean {
	if (method !== 'GET' || upgrade === undefined) return false;
	return upgrade.toLowerCase().split(',').some(isWebSocket);
}

function isWebSocket(protocol: string): boolean {
	return protocol.trim() === 'websocket';
}
