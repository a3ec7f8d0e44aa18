import process from 'node:process';
import { App } from 'uWebSockets.js';

const port = Number(process.env['PORT']);

App()
	.ws('/echo', { message: (ws, data, isBinary) => void ws.send(data, isBinary) })
	.ws('/room', {
		open: (ws) => void ws.subscribe('room'),
		message(ws, data, isBinary) {
			ws.publish('room', data, isBinary);
			ws.send(data, isBinary);
		}
	})
	.listen(port, () => console.log(`Listening on ${port}`));
