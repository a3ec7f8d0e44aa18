import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse, us_socket_context_t } from 'uWebSockets.js';
import type { SocketEvents } from '../../../../../src/server/engine/engine.ts';
import { UwsExchange, type UwsHost } from '../../../../../src/server/engine/uws/exchange.ts';
import { Stopping } from '../../../../../src/server/engine/stopping.ts';
import { TextEncoding } from '../../../../../src/server/engine/uws/text.ts';

/** What uWS is given to keep with a socket whose events these are. */
function kept(events: SocketEvents): object {
	let given: object = {};
	const res = {
		onAborted() {},
		getRemoteAddress: () => new ArrayBuffer(4),
		cork: (run: () => void) => run(),
		writeStatus() {},
		upgrade: (data: object) => (given = data)
	};
	const req = {
		getCaseSensitiveMethod: () => 'GET',
		getUrl: () => '/',
		getQuery: () => undefined,
		forEach() {}
	};
	const host: UwsHost = {
		texts: new TextEncoding(),
		heads: new WeakMap(),
		stopping: new Stopping(() => {})
	};
	const way = { context: {} as us_socket_context_t, begin: () => true };
	const exchange = new UwsExchange(
		res as unknown as HttpResponse,
		req as unknown as HttpRequest,
		host,
		way
	);
	exchange.accept({ headers: [] }, events);
	return given;
}

class Events implements SocketEvents {
	open(): void {}

	message(): void {}

	drain(): void {}

	overflow(): void {}

	close(): void {}
}

class OtherEvents extends Events {}

describe('an upgrade on uWS', () => {
	it('hands over the same kind of data whoever hears of the socket, of which V8 would have to learn amid it', () => {
		const all = [new Events(), new OtherEvents()].map(kept);
		expect(all.flatMap((data) => Object.keys(data))).toEqual(['user', 'user']);
		const kinds = all.flatMap((data) =>
			Object.values(data).map((value: object) => value.constructor)
		);
		expect(new Set(kinds).size).toBe(1);
		expect(kinds).not.toContain(Object);
	});
});
