import process from 'node:process';
import type { EngineSocket } from '../../../src/server/engine/engine.ts';
import { listen, type Subject } from './subject.ts';

/** An engine in a process of its own, whose sockets echo. `block <ms>` is not echoed: nothing happens for so long. */
const [, , module = '', name = '', idleTimeout] = process.argv;
const create = ((await import(module)) as Record<string, Subject['create']>)[name];
if (create === undefined) throw new Error(`${module} has no ${name}`);

const server = await listen(
	{ create },
	{
		sockets: { idleTimeout: Number(idleTimeout) },
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
	}
);
process.send?.({ port: server.port });

function block(milliseconds: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
