import process from 'node:process';
import { App, type HttpResponse } from 'uWebSockets.js';
import { answerGet, answerPost, encodePublished, type Answer } from './answers.ts';

const port = Number(process.env['PORT']);

const app = App()
	.ws('/echo', { message: (ws, data, isBinary) => void ws.send(data, isBinary) })
	.ws('/room', {
		open: (ws) => void ws.subscribe('room'),
		message(ws, data, isBinary) {
			ws.publish('room', data, isBinary);
			ws.send(data, isBinary);
		}
	})
	.ws('/ten', {
		open: (ws) => void ws.subscribe('ten'),
		message(ws, data, isBinary) {
			for (let count = 0; count < 10; count += 1) {
				ws.publish('ten', data, isBinary);
				ws.send(data, isBinary);
			}
		}
	})
	.ws('/topics', {
		upgrade(res, req, context) {
			const [key, protocol] = ['sec-websocket-key', 'sec-websocket-protocol'];
			const count = Number(req.getQuery('count'));
			res.upgrade(
				{ count },
				req.getHeader(key),
				req.getHeader(protocol),
				req.getHeader('sec-websocket-extensions'),
				context
			);
		},
		open(ws) {
			const { count } = ws.getUserData() as { count: number };
			for (let topic = 0; topic < count; topic += 1) ws.subscribe(`topic:${topic}`);
		},
		message(ws, data, isBinary) {
			ws.publish(`topic:${Number(Buffer.from(data).toString())}`, data, isBinary);
			ws.send(data, isBinary);
		}
	})
	.post('/publish', (res) =>
		readBody(res, (body) => {
			app.publish('room', encodePublished(body));
			res.cork(() => void res.writeStatus('204 No Content').endWithoutBody());
		})
	)
	.post('/post', (res) => readBody(res, (body) => send(res, answerPost(body))))
	.get('/*', (res, req) => {
		const answer = answerGet(req.getUrl());
		if (answer) send(res, answer);
		else res.writeStatus('404 Not Found').end();
	})
	.listen('127.0.0.1', port, () => console.log(`Listening on ${port}`));

function readBody(res: HttpResponse, use: (body: string) => void): void {
	let isAborted = false;
	const chunks: Buffer[] = [];
	res.onAborted(() => (isAborted = true));
	res.onData((chunk, isLast) => {
		// the memory of a chunk is taken back when this returns
		chunks.push(Buffer.from(Buffer.from(chunk)));
		if (isLast && !isAborted) use(Buffer.concat(chunks).toString());
	});
}

function send(res: HttpResponse, { headers, body }: Answer): void {
	res.cork(() => {
		for (const name in headers) res.writeHeader(name, headers[name] ?? '');
		res.end(body);
	});
}
