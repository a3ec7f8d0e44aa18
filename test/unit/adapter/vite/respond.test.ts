import { IncomingMessage, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Connect } from 'vite';
import { describe, expect, it, vi } from 'vitest';
import { respondThrough } from '../../../../adapter/vite/respond.ts';

type Middleware = (
	req: IncomingMessage,
	res: ServerResponse,
	next: (error?: unknown) => void
) => void;

/** As much of Vite's `connect` as is needed: the rest of it is tested with Vite itself. */
function middlewares(...list: Middleware[]): Connect.Server {
	const server = {
		stack: list.map((handle) => ({ route: '', handle })),
		handle(
			this: { stack: { handle: Middleware }[] },
			req: IncomingMessage,
			res: ServerResponse,
			out: (error?: unknown) => void
		) {
			const next = (index: number) => (error?: unknown) => {
				const layer = this.stack[index];
				if (error !== undefined || layer === undefined) out(error);
				else layer.handle(req, res, next(index + 1));
			};
			next(0)();
		}
	};
	return server as unknown as Connect.Server;
}

const incoming = new IncomingMessage(new Socket());

function ask(handle: Middleware, request = new Request('http://localhost/')): Promise<Response> {
	return respondThrough(middlewares(handle), request, incoming);
}

describe('the request', () => {
	it('looks as if it had come in on the connection', async () => {
		let seen: IncomingMessage | undefined;
		const headers = { cookie: 'a=b', host: 'example.com', accept: 'application/json' };
		const request = new Request('https://example.com/a%20b/?c=d#e', { headers });
		await ask((req, res) => {
			seen = req;
			res.end();
		}, request);
		expect(seen).toMatchObject({ method: 'GET', url: '/a%20b/?c=d', headers });
		expect(seen?.rawHeaders).toContain('application/json');
		expect(seen?.socket).toBe(incoming.socket);
	});

	it('has an empty body', async () => {
		const response = await ask((req, res) => {
			let count = 0;
			req.on('data', () => (count += 1)).on('end', () => res.end(`${count} chunks`));
		});
		expect(await response.text()).toBe('0 chunks');
	});
});

describe('the response', () => {
	it('has the status, every header and the body', async () => {
		const response = await ask((_, res) => {
			const expires = 'Expires=Fri, 27 Nov 2026 10:00:00 GMT';
			res.setHeader('set-cookie', ['a=1', `b=2; ${expires}`]);
			res.writeHead(418, { 'x-url': 'http://a:1/', 'content-length': 6 });
			res.end('teapot');
		});
		expect(response.status).toBe(418);
		expect(response.headers.getSetCookie()).toEqual([
			'a=1',
			'b=2; Expires=Fri, 27 Nov 2026 10:00:00 GMT'
		]);
		expect(response.headers.get('x-url')).toBe('http://a:1/');
		expect(response.headers.has('connection')).toBe(false);
		expect(response.headers.has('date')).toBe(false);
		expect(await response.text()).toBe('teapot');
	});

	it.each([204, 304])('has no body for %i', async (status) => {
		const response = await ask((_, res) => void res.writeHead(status).end());
		expect([response.status, response.body]).toEqual([status, null]);
	});

	it('keeps the bytes of headers and body', async () => {
		const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
		const response = await ask((_, res) => {
			res.setHeader('x-latin1', 'straße');
			res.write(bytes);
			res.end('\r\n\r\n');
		});
		expect(response.headers.get('x-latin1')).toBe('straße');
		const body = Buffer.from(await response.arrayBuffer());
		expect(body.equals(Buffer.concat([bytes, Buffer.from('\r\n\r\n')]))).toBe(true);
	});

	it('is there before its body has ended', async () => {
		const { promise, resolve } = Promise.withResolvers<ServerResponse>();
		const response = await ask((_, res) => {
			res.write('first ');
			resolve(res);
		});
		(await promise).end('last');
		expect(await response.text()).toBe('first last');
	});

	it('tells a writer that waits when it may go on', async () => {
		let left = 50;
		const response = await ask((_, res) => {
			const write = () => {
				while (left-- > 0) {
					if (!res.write(Buffer.alloc(100_000))) return void res.once('drain', write);
				}
				res.end();
			};
			write();
		});
		expect((await response.arrayBuffer()).byteLength).toBe(5_000_000);
	});

	it('is not what is sent ahead of it', async () => {
		const response = await ask((_, res) => {
			res.writeProcessing();
			res.writeEarlyHints({ link: '</style.css>; rel=preload' });
			setImmediate(() => res.end('answer'));
		});
		expect([response.status, await response.text()]).toEqual([200, 'answer']);
	});

	it('is 404 where no middleware answers', async () => {
		const response = await ask((_req, _res, next) => next());
		expect(response.status).toBe(404);
	});

	it('is 500 where a middleware fails', async () => {
		const response = await ask((_req, _res, next) => next(new Error('failed')));
		expect(response.status).toBe(500);
	});

	it('breaks off where a middleware fails after it has begun', async () => {
		const response = await ask((_req, res, next) => {
			res.write('begun');
			setImmediate(() => next(new Error('failed')));
		});
		await expect(response.text()).rejects.toThrow();
	});

	it('breaks off where what writes it is destroyed', async () => {
		const response = await ask((_req, res) => {
			res.write('begun');
			setImmediate(() => res.destroy(new Error('failed')));
		});
		await expect(response.text()).rejects.toThrow('failed');
	});

	it('rejects where the connection ends before it', async () => {
		await expect(ask((_req, res) => void res.destroy())).rejects.toThrow();
		await expect(ask((_req, res) => void res.destroy(new Error('failed')))).rejects.toThrow(
			'failed'
		);
	});
});

describe('a client that leaves', () => {
	it('closes the response for the app, and is answered by nobody', async () => {
		const controller = new AbortController();
		const { promise, resolve } = Promise.withResolvers<void>();
		const closed = vi.fn();
		const answer = ask(
			(_, res) => {
				res.once('close', closed);
				resolve();
			},
			new Request('http://localhost/', { signal: controller.signal })
		);
		await promise;
		controller.abort();
		expect((await answer).status).toBe(408);
		expect(closed).toHaveBeenCalledOnce();
	});

	it('ends a body that is on its way', async () => {
		const controller = new AbortController();
		const response = await ask(
			(_, res) => void res.write('begun'),
			new Request('http://localhost/', { signal: controller.signal })
		);
		controller.abort();
		await expect(response.text()).rejects.toThrow();
	});
});

describe('the proxies of Vite', () => {
	it('are not asked', async () => {
		const viteProxyMiddleware: Middleware = (_, res) => void res.end('proxied');
		const app: Middleware = (_, res) => void res.end('app');
		const all = middlewares(viteProxyMiddleware, app);
		const response = await respondThrough(all, new Request('http://localhost/'), incoming);
		expect(await response.text()).toBe('app');
		expect(all.stack).toHaveLength(2);
	});
});
