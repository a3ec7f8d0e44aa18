// Servers of somebody's own around a built app, one of each kind, all with the same middleware in front of it. The argument
// names the middleware, in order.
import { createServer } from 'node:http';
import process from 'node:process';
import polkaCompression from '@polka/compression';
import compression from 'compression';
import connect from 'connect';
import cookieSession from 'cookie-session';
import express from 'express';
import express4 from 'express-4';
import session from 'express-session';
import helmet from 'helmet';
import morgan from 'morgan';
import multer from 'multer';
import polka from 'polka';
import responseTime from 'response-time';
import { attach, handler } from '../fixtures/custom/build/handler.js';

const secret = 'not a secret';

/** @type {Record<string, () => (req: any, res: any, next: (error?: unknown) => void) => unknown>} */
const middleware = {
	'@polka/compression': () => polkaCompression({ brotli: false }),
	compression: () => compression(),
	'cookie-session': () => cookieSession({ name: 'cookie-session', secret }),
	'express-session': () => session({ secret, resave: false, saveUninitialized: true }),
	helmet: () => helmet(),
	morgan: () => morgan('served :method :url :status :res[content-type]'),
	'response-time': () => responseTime(),
	json: () => express.json(),
	urlencoded: () => express.urlencoded({ extended: true }),
	multer: () => multer().any(),
	'headers of its own': () => (req, res, next) => {
		res.setHeader('x-mine', 'mine');
		res.setHeader('x-app', 'mine');
		res.setHeader('vary', 'Origin');
		res.setHeader('set-cookie', ['mine=1', 'more=2']);
		next();
	},
	'a visitor': () => (req, res, next) => {
		req.user = 'Ada';
		if (req.session) req.session.visits = 1;
		if (res.locals) res.locals.name = 'Grace';
		next();
	},
	'a pause': () => async (req, res, next) => {
		req.pause();
		await new Promise((resolve) => setTimeout(resolve, 20));
		next();
	},
	'a timeout': () => (req, res, next) => {
		if (req.url.includes('late')) setTimeout(() => res.end(), 100);
		next();
	},
	'an answer of its own': () => (req, res, next) => {
		if (req.url === '/') res.end('answered');
		next();
	}
};

const names = (process.argv[2] ?? '').split(',').filter((name) => name !== '');
const chain = () => names.map((name) => /** @type {any} */ (middleware[name])());

/** @type {Record<string, () => any>} */
const kinds = {
	express: () => use(express()),
	'express 4': () => use(express4()),
	connect: () => use(connect()),
	polka: () => use(polka()).handler,
	node() {
		const all = [...chain(), handler];
		/** @type {(req: unknown, res: unknown, index?: number) => unknown} */
		const run = (req, res, index = 0) => all[index](req, res, () => run(req, res, index + 1));
		return (/** @type {unknown} */ req, /** @type {unknown} */ res) => run(req, res);
	}
};

/** @param {any} app */
function use(app) {
	app.use((/** @type {any} */ req, /** @type {any} */ res, /** @type {() => void} */ next) =>
		req.url === '/own' ? res.end('mine') : next()
	);
	for (const each of chain()) app.use(each);
	app.use(handler);
	return app;
}

for (const [kind, create] of Object.entries(kinds)) {
	const server = createServer(create());
	attach(server);
	await new Promise((resolve) => server.listen(0, process.env['HOST'], () => resolve(undefined)));
	console.log(`${kind} listens on ${/** @type {any} */ (server.address()).port}.`);
}
console.log('Listening on nothing:1');
