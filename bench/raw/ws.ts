import process from 'node:process';
import { WebSocketServer } from 'ws';

const port = Number(process.env['PORT']);
const server = new WebSocketServer({ port, host: '127.0.0.1', perMessageDeflate: false });

server.on('connection', (ws, request) => {
	const isRoom = request.url === '/room';
	ws.on('message', (data: Buffer, isBinary: boolean) => {
		for (const each of isRoom ? server.clients : [ws]) each.send(data, { binary: isBinary });
	});
});
server.on('listening', () => console.log(`Listening on ${port}`));
