import process from 'node:process';
import type { EngineSocket } from '../../../src/server/engine/engine.ts';
import { listen } from './subject.ts';
import * as subjects from './subjects.ts';

/** An engine in a process of its own, whose sockets echo. `block <ms>` is not echoed: nothing happens for so long. */
const subject = Object.values(subjects).find(({ name }) => name === process.argv[2]);
if (subject === undefined) throw new Error(`No engine is called ${process.argv[2]}`);

const server = await listen(subject, {
	sockets: { idleTimeout: Number(process.argv[3]) },
	upgrade(exchange) {
		let own: EngineSocket | undefined;
		exchange.accept(
			{ headers: [] },
			{
				open(socket) {
					own = socket;
				},
				message(data) {
					const [word, milliseconds] = String(data).split(' ');
					if (word === 'block') block(Number(milliseconds));
					else own?.send(data, false);
				},
				drain() {},
				overflow() {},
				close: (...details) => void process.send?.({ details })
			}
		);
	}
});
process.send?.({ port: server.port });

function block(milliseconds: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
