import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut, as a network is: what goes over it ends, and nobody gets through until it is mended. */
export interface Cuttable extends AsyncDisposable {
	readonly url: string;
	cut(): void;
	mend(): void;
}

export async function cuttable(port: number): Promise<Cuttable> {
	const open = new Set<Socket>();
	let isCut = false;
	const server = createServer((socket) => {
		if (isCut) return socket.destroy();
		const onward = connect(port, '127.0.0.1');
		for (const each of [socket, onward]) {
			open.add(each);
			each.on('error', () => {});
			each.on('close', () => {
				open.delete(each);
				socket.destroy();
				onward.destroy();
			});
		}
		socket.pipe(onward).pipe(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port: own } = server.address() as AddressInfo;
	const cut = () => {
		isCut = true;
		for (const each of open) each.destroy();
	};
	return {
		url: `http://127.0.0.1:${own}`,
		cut,
		mend: () => (isCut = false),
		async [Symbol.asyncDispose]() {
			cut();
			server.close();
			await once(server, 'close');
		}
	};
}
