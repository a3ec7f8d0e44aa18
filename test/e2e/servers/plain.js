// A server of somebody's own around a built app, as small as it can be.
import { createServer } from 'node:http';
import process from 'node:process';
import { attach, handler } from '../fixtures/custom/build/handler.js';

const { HOST, PORT } = process.env;
const server = createServer(handler);
attach(server);
server.listen({ host: HOST, port: Number(PORT) }, () => {
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	console.log(`Listening on http://${HOST}:${port}`);
});
process.on('SIGTERM', () => process.exit());
