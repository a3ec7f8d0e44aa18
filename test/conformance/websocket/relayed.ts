import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { runRedis } from '../../support/redis.ts';
import type { RunningApp } from '../../support/server.ts';
import type { Subject } from './subject.ts';

/**
 * Two processes of an app behind a balancer that leads whoever comes with a one-time URL to the second one, and all others to the
 * first: every one-time URL comes to another process than the one that has made it.
 */
export function relayed(outpost: Subject, home: Subject): Subject {
	return {
		...outpost,
		name: `${home.name}, one-time URLs relayed from ${outpost.name}`,
		async run(variant, env) {
			const redis = await runRedis();
			const all = { BUS_URL: redis.url, ...env };
			const [first, second] = await Promise.all([
				home.run(variant, all),
				outpost.run(variant, all)
			]);
			const balancer = await balance(first.port, second.port);
			return join(first, second, balancer.port, async () => {
				balancer.close();
				await Promise.all([first, second].map((each) => each[Symbol.asyncDispose]()));
				await redis[Symbol.asyncDispose]();
			});
		}
	};
}

/** Both as one. */
function join(
	first: RunningApp,
	second: RunningApp,
	port: number,
	dispose: () => Promise<void>
): RunningApp {
	return {
		pid: first.pid,
		port,
		url: `http://127.0.0.1:${port}`,
		// The second one has nothing to say once it listens, so what is new comes last.
		output: () => second.output() + first.output(),
		printed: (pattern) => Promise.race([first.printed(pattern), second.printed(pattern)]),
		signal(name) {
			first.signal(name);
			second.signal(name);
		},
		closeOutput() {
			first.closeOutput();
			second.closeOutput();
		},
		exited: Promise.all([first.exited, second.exited]).then(([exit]) => exit),
		get isRunning() {
			return first.isRunning && second.isRunning;
		},
		[Symbol.asyncDispose]: dispose
	};
}

async function balance(
	first: number,
	second: number
): Promise<{ port: number; close: () => void }> {
	const portFor = (url = '') => (url.includes('/_/connect/') ? second : first);
	const server = createServer((req, res) => {
		const { method, url, rawHeaders: headers } = req;
		const options = { host: '127.0.0.1', port: portFor(url), method, path: url, headers };
		const forwarded = request(options, (response) => {
			res.writeHead(response.statusCode ?? 502, response.rawHeaders);
			response.pipe(res);
		});
		forwarded.on('error', () => res.destroy());
		res.on('close', () => forwarded.destroy());
		req.pipe(forwarded);
	});
	server.on('upgrade', (req, socket, head) => {
		const onward = connect(portFor(req.url), '127.0.0.1');
		onward.write(headOf(req));
		onward.write(head);
		socket.pipe(onward).pipe(socket);
		for (const [one, other] of [
			[socket, onward],
			[onward, socket]
		] as const) {
			one.on('error', () => other.destroy());
			one.on('close', () => other.destroy());
		}
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		close() {
			server.close();
			server.closeAllConnections();
		}
	};
}

function headOf({ method, url, rawHeaders }: IncomingMessage): string {
	const lines: string[] = [];
	for (let index = 0; index < rawHeaders.length; index += 2) {
		lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}\r\n`);
	}
	return `${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
