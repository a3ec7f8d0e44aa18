// A server of somebody's own around the built chat, as README.md shows it. The argument says which kind.
import { createServer } from 'node:http';
import process from 'node:process';
import express from 'express';
import polka from 'polka';
import { attach, handler } from '../../../examples/chat/build/handler.js';

/** @type {Record<string, () => import('node:http').RequestListener>} */
const apps = {
	express: () =>
		express()
			.get('/own', (_req, res) => void res.send('mine'))
			.use(handler),
	polka: () => {
		const app = polka()
			.use((req, res, next) => (req.url === '/own' ? res.end('mine') : next()))
			.use(handler);
		return (req, res) =>
			void app.handler(/** @type {polka.Request} */ (/** @type {unknown} */ (req)), res);
	},
	node: () => (req, res) => (req.url === '/own' ? res.end('mine') : handler(req, res))
};

const app = apps[process.argv[2] ?? '']?.();
const server = createServer(app);
attach(server);
server.listen(Number(process.env['PORT']), process.env['HOST'], () => {
	const address = server.address();
	console.log(`Listening on http://127.0.0.1:${typeof address === 'object' && address?.port}`);
});
