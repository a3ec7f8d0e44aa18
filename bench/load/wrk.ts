import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { Load } from './load.ts';

/** Seconds after which it ends by itself, should nobody be there to end it. */
const patience = 60;

/** What a browser sends. */
const headers = [
	'accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
	'accept-language: en-US,en;q=0.9',
	'cache-control: max-age=0',
	'cookie: session=abcdef0123456789abcdef0123456789; theme=dark',
	'dnt: 1',
	'priority: u=0, i',
	'sec-fetch-dest: document',
	'sec-fetch-mode: navigate',
	'sec-fetch-site: none',
	'upgrade-insecure-requests: 1',
	'user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
	'x-forwarded-proto: http'
];

export interface WrkOptions {
	path: string;
	/** It is POSTed. */
	body?: string;
	/** Of the body. */
	type?: string;
	/** The answers are to be errors. */
	isRefused?: boolean;
	connections?: number;
}

/** Requests of one kind, as many as are answered. Running it rejects if there is a wrong answer among them. */
export function wrk(options: WrkOptions): Load {
	return {
		open: (port) =>
			Promise.resolve({ run: (seconds) => runWrk(port, seconds, options), close: () => undefined })
	};
}

async function runWrk(
	port: number,
	seconds: number,
	{ path, body, type = 'application/json', isRefused = false, connections = 32 }: WrkOptions
): Promise<number> {
	const script = join(tmpdir(), `bench-${process.pid}.lua`);
	if (body !== undefined) writeFileSync(script, luaPost(body, type));
	const child = spawn(
		'wrk',
		[
			...[
				'--threads',
				'1',
				'--connections',
				String(connections),
				'--duration',
				`${Math.ceil(seconds) + patience}s`
			],
			// a server that is slow is no server that fails
			...['--timeout', '30s'],
			...(body === undefined ? [] : ['--script', script]),
			...headers.flatMap((header) => ['--header', header]),
			`http://127.0.0.1:${port}${path}`
		],
		{ stdio: ['ignore', 'pipe', 'inherit'] }
	);
	// It counts in whole seconds only, and says what it has when it is interrupted; more than once, for it does not listen
	// to the first time if it has not begun to wait.
	const from = performance.now();
	const interrupt = setInterval(() => {
		if (performance.now() - from >= seconds * 1000) child.kill('SIGINT');
	}, 20);
	const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
	clearInterval(interrupt);
	rmSync(script, { force: true });
	const count = Number(/(\d+) requests in/.exec(output)?.[1]);
	const isWrong = count > 0 && output.includes('Non-2xx') !== isRefused;
	if (isWrong || Number.isNaN(count) || output.includes('Socket errors'))
		throw new Error(`${path} was not answered as it should be:\n${output}`);
	return count;
}

function luaPost(body: string, type: string): string {
	return `wrk.method = "POST"\nwrk.body = [==[${body}]==]\nwrk.headers["content-type"] = "${type}"\n`;
}
