import { AdapterError } from '../../shared/errors.ts';
import type { Exchange } from '../engine/engine.ts';
import { printable } from '../printable.ts';

/**
 * Why nothing for the app could be made of a request: a sentence for the log, which has no more of what the client sends than
 * the name of a header.
 * @param error what `requestOrigin` or `RequestFactory` has thrown
 */
export function whyBad(error: unknown, exchange: Exchange): string {
	if (error instanceof AdapterError) return error.message.replace('[svelte-adapter-ws] ', '');
	const header = exchange.headers.find(([name, value]) => !isHeader(name, value));
	if (header === undefined) return 'Its method, scheme, host and target make no Request.';
	return `Its header ${printable(header[0], 100)} holds what none may hold.`;
}

function isHeader(name: string, value: string): boolean {
	try {
		return new Headers([[name, value]]).has(name);
	} catch {
		return false;
	}
}
