import process from 'node:process';
import { answerGet, answerPost, encodePublished, type Answer } from './answers.ts';

interface Socket {
	readonly data: { path: string };
	subscribe(topic: string): void;
	publish(topic: string, data: string | Uint8Array): void;
	send(data: string | Uint8Array): void;
}

interface BunServer {
	upgrade(request: Request, options: { data: unknown }): boolean;
	publish(topic: string, data: string): void;
}

/** What is used of Bun here: its own types would change those of Node. */
interface Bun {
	serve(options: {
		hostname: string;
		port: number;
		fetch(request: Request, server: BunServer): Response | undefined | Promise<Response>;
		websocket: {
			open(socket: Socket): void;
			message(socket: Socket, data: string | Uint8Array): void;
		};
	}): unknown;
}

const { Bun: bun } = globalThis as unknown as { Bun: Bun };
const port = Number(process.env['PORT']);

bun.serve({
	hostname: '127.0.0.1',
	port,
	fetch(request, server) {
		const path = new URL(request.url).pathname;
		if (request.method === 'POST') return post(path, request, server);
		if (request.headers.has('upgrade') && server.upgrade(request, { data: { path } })) return;
		return respond(answerGet(path));
	},
	websocket: {
		open: (socket) => socket.subscribe(socket.data.path),
		message(socket, data) {
			const { path } = socket.data;
			for (let turn = 0; turn < (path === '/ten' ? 10 : 1); turn += 1) {
				if (path !== '/echo') socket.publish(path, data);
				socket.send(data);
			}
		}
	}
});
console.log(`Listening on ${port}`);

async function post(path: string, request: Request, server: BunServer): Promise<Response> {
	const body = await request.text();
	if (path === '/post') return respond(answerPost(body));
	server.publish('/room', encodePublished(body));
	return new Response(null, { status: 204 });
}

function respond(answer: Answer | undefined): Response {
	if (answer === undefined) return new Response(null, { status: 404 });
	return new Response(answer.body as string | Uint8Array<ArrayBuffer>, { headers: answer.headers });
}
