import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { setHeaders } from '../../../../../src/server/engine/node/headers.ts';

const response = () => new ServerResponse(new IncomingMessage(new Socket()));

describe('the headers of an answer', () => {
	it('stand beside the cookies that middleware has set, and add to what it varies by', () => {
		const res = response();
		res.setHeader('set-cookie', 'a=1');
		res.setHeader('Vary', ['Cookie', 'Origin']);
		setHeaders(res, [
			['Set-Cookie', 'b=2'],
			['set-cookie', 'c=3'],
			['vary', 'Accept-Encoding']
		]);
		expect(res.getHeader('set-cookie')).toEqual(['a=1', 'b=2', 'c=3']);
		expect(res.getHeader('vary')).toEqual(['Cookie', 'Origin', 'Accept-Encoding']);
	});

	it('take the place of any other that middleware has set', () => {
		const res = response();
		res.setHeader('content-type', 'text/plain');
		res.setHeader('x-powered-by', 'middleware');
		setHeaders(res, [
			['Content-Type', 'text/html'],
			['x-a', '1'],
			['x-a', '2']
		]);
		expect({ ...res.getHeaders() }).toEqual({
			'content-type': 'text/html',
			'x-powered-by': 'middleware',
			'x-a': ['1', '2']
		});
	});
});
