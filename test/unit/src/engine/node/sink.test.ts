import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { NodeSink } from '../../../../../src/server/engine/node/sink.ts';

it('takes nothing of an answer that fails into the one that says so', () => {
	const res = new ServerResponse(new IncomingMessage(new Socket()));
	const setHeader = res.setHeader.bind(res);
	res.setHeader = (name, value) => {
		if (name === 'x-refused') throw new Error('middleware does not want it');
		return setHeader(name, value);
	};
	const exchange = {
		aborted: false,
		beforeEnd() {},
		onAbort() {},
		incoming: undefined,
		whenSettled() {}
	};
	const sink = new NodeSink(res, exchange, 200, [
		['set-cookie', 'session=1'],
		['x-refused', '']
	]);
	expect(() => sink.endWithoutBody()).toThrow('middleware');
	sink.fail();
	expect(res.statusCode).toBe(500);
	expect({ ...res.getHeaders() }).toEqual({ 'content-length': 21 });
});
