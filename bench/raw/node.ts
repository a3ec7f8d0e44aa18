import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import process from 'node:process';
import { WebSocketServer, type WebSocket } from 'ws';
import { answerGet, answerPost, encodePublished, type Answer } from './answers.ts';

const port = Number(process.env['PORT']);
const server = createServer((request, response) => {
	if (request.method === 'GET') return send(response, answerGet(request.url ?? ''));
	readBody(request, (body) => {
		if (request.url === '/post') return send(response, answerPost(body));
		const message = encodePublished(body);
		for (const each of rooms.get('/room') ?? []) each.send(message);
		response.writeHead(204).end();
	});
});

const sockets = new WebSocketServer({ server, perMessageDeflate: false });
/** By path: every path is a room. */
const rooms = new Map<string, Set<WebSocket>>();

sockets.on('connection', (ws, request) => {
	const path = request.url ?? '';
	const members = rooms.get(path) ?? new Set<WebSocket>();
	if (path !== '/echo') rooms.set(path, members.add(ws));
	const turns = path === '/ten' ? 10 : 1;
	ws.on('message', (data: Buffer, isBinary: boolean) => {
		for (let turn = 0; turn < turns; turn += 1) {
			for (const each of path === '/echo' ? [ws] : members) each.send(data, { binary: isBinary });
		}
	});
	ws.on('close', () => members.delete(ws));
});
server.listen(port, '127.0.0.1', () => console.log(`Listening on ${port}`));

function readBody(request: IncomingMessage, use: (body: string) => void): void {
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => chunks.push(chunk));
	request.on('end', () => use(Buffer.concat(chunks).toString()));
}

function send(response: ServerResponse, answer: Answer | undefined): void {
	if (answer === undefined) return void response.writeHead(404).end();
	const { headers, body } = answer;
	response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
