import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cores } from '../server.ts';

const execute = promisify(execFile);

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
	port: number;
	path: string;
	seconds: number;
	/** It is POSTed, as JSON. */
	body?: string;
	/** The answers are to be errors. */
	isRefused?: boolean;
}

/** @returns the number of answers. Rejects if there is a wrong one among them */
export async function wrk({ port, path, seconds, body, isRefused = false }: WrkOptions) {
	const script = join(tmpdir(), `bench-${process.pid}.lua`);
	if (body !== undefined) await writeFile(script, luaPost(body));
	const { stdout } = await execute('taskset', [
		...['--cpu-list', cores.load, 'wrk', '--threads', '1', '--connections', '32'],
		...['--duration', `${seconds}s`],
		...(body === undefined ? [] : ['--script', script]),
		...headers.flatMap((header) => ['--header', header]),
		`http://127.0.0.1:${port}${path}`
	]);
	if (body !== undefined) await rm(script);
	const isWrong = stdout.includes('Non-2xx') !== isRefused || stdout.includes('Socket errors');
	if (isWrong) throw new Error(`${path} was not answered as it should be:\n${stdout}`);
	return Number(/(\d+) requests in/.exec(stdout)?.[1]);
}

function luaPost(body: string): string {
	return `wrk.method = "POST"\nwrk.body = [==[${body}]==]\nwrk.headers["content-type"] = "application/json"\n`;
}
