// A built app on servers of HTTP/2: one without TLS, and one with it, which speaks HTTP/1.1 as well.
import { readFileSync } from 'node:fs';
import { createSecureServer, createServer } from 'node:http2';
import process from 'node:process';
import { attach, handler } from '../fixtures/custom/build/handler.js';

const { HOST: host, CERT: cert = '', KEY: key = '' } = process.env;

/** They even say that sockets may be opened over HTTP/2. */
const settings = { enableConnectProtocol: true };

const servers = {
	plain: createServer({ settings }, handler),
	secure: createSecureServer(
		{ settings, allowHTTP1: true, cert: readFileSync(cert), key: readFileSync(key) },
		handler
	)
};
for (const [kind, server] of Object.entries(servers)) {
	attach(server);
	await new Promise((resolve) => server.listen(0, host, () => resolve(undefined)));
	console.log(`${kind} listens on ${/** @type {any} */ (server.address()).port}.`);
}
console.log('Listening on nothing:1');
