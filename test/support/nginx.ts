import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from './debian.ts';
import { freePort } from './free-port.ts';

export interface RunningNginx extends AsyncDisposable {
	readonly port: string;
	readonly url: string;
}

/**
 * nginx with the blocks of its `http` context that are given, one of which listens on port 80: here that is a free one.
 * @throws if there is no nginx and none can be installed: the tests need one
 */
export async function runNginx(blocks: string): Promise<RunningNginx> {
	const nginx = findNginx();
	const port = await freePort();
	const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
	const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
		.map((name) => `${name}_temp_path ${name};`)
		.join(' ');
	const config = `daemon off; pid pid; error_log errors warn;
events { }
http { access_log off; ${temporary}
${blocks.replace('listen 80;', `listen 127.0.0.1:${port};`)}
}`;
	writeFileSync(join(folder, 'conf'), config);
	// Whoever may become another user does, and could not read the folder then.
	const user = process.getuid?.() === 0 ? ['-g', 'user root;'] : [];
	const child = spawn(nginx, ['-p', folder, '-c', 'conf', '-e', 'errors', ...user], {
		stdio: 'ignore'
	});
	const exited = once(child, 'exit');
	const url = `http://127.0.0.1:${port}`;
	const answers = async () => {
		if (child.exitCode !== null) throw new Error(readFileSync(join(folder, 'errors'), 'utf8'));
		return fetch(url).then(
			() => true,
			() => false
		);
	};
	const stop = async () => {
		child.kill('SIGTERM');
		await exited;
		rmSync(folder, { recursive: true, force: true });
	};
	try {
		while (!(await answers())) await sleep(20);
	} catch (error) {
		await stop();
		throw error;
	}
	return { port, url, [Symbol.asyncDispose]: stop };
}

export function findNginx(): string {
	return findProgram({
		names: ['nginx'],
		package: 'nginx-light',
		need: 'The tests of a proxy need nginx'
	});
}
