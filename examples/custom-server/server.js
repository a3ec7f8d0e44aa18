import { mkdirSync } from 'node:fs';
import process from 'node:process';
import polka from 'polka';
import sirv from 'sirv';
import { attach, handler } from './build/handler.js';

const { HOST = '0.0.0.0', PORT = '3000' } = process.env;

mkdirSync('uploads', { recursive: true });

// The app answers whatever nothing below does.
const { server } = polka({ onNoMatch: handler })
	.get('/health', (_req, res) => res.end('ok'))
	// Files that were not there when the app was built. With `dev` sirv looks for them at each request.
	.use('/uploads', sirv('uploads', { dev: true, setHeaders: neverRun }))
	.listen(Number(PORT), HOST, () => {
		const { port } = server.address();
		console.log(`Listening on http://${HOST}:${port}`);
	});

const sockets = attach(server); // the app's sockets

for (const signal of ['SIGTERM', 'SIGINT']) {
	process.once(signal, async () => {
		server.close(); // accept no more connections
		await sockets.close(); // close the sockets, so that the server can close
	});
}

/** Somebody else's file is never a page of ours. */
function neverRun(res) {
	res.setHeader('content-security-policy', "default-src 'none'; sandbox");
	res.setHeader('x-content-type-options', 'nosniff');
}
