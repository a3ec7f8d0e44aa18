import type { Exchange } from './engine.ts';

/** RFC 6455, section 4.1: a GET whose `Upgrade` header names `websocket`, among others perhaps. */
export function asksForWebSocket(exchange: Exchange): boolean {
	if (exchange.method !== 'GET') return false;
	const upgrade = exchange.header('upgrade');
	return upgrade !== undefined && upgrade.toLowerCase().split(',').some(isWebSocket);
}

function isWebSocket(protocol: string): boolean {
	return protocol.trim() === 'websocket';
}
