import { describe, expect, test } from 'vitest';
import { oneTimePath } from '../../support/one-time.ts';
import { RawConnection } from '../../support/raw.ts';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

/** What the log tells of requests: enough to find them, and nothing by which somebody else could come in. */
export function logSuite(subject: Subject): void {
	describe(`${subject.name}: a line of the log`, () => {
		const app = new App(subject);
		const asProbe = { connection: '', upgrade: '', 'x-websocket-probe': '1' };

		/** What is printed from now on. */
		function watch(): () => string {
			const start = app.running.output().length;
			return () => app.running.output().slice(start);
		}

		/** Ask, leave when the app has begun to think, and read what is printed. */
		async function leave(target: string, tag: string, headers = {}): Promise<string> {
			const printed = watch();
			const before = (await app.journal(tag)).length;
			const connection = await RawConnection.open(app.port);
			connection.write(app.handshake(target, headers));
			await expect.poll(async () => (await app.journal(tag)).slice(before)).toContain('waiting');
			connection.socket.destroy();
			await expect.poll(printed).toContain('A client left during the handshake');
			return printed();
		}

		test.for([
			['a handshake', {}],
			['a probe', asProbe]
		] as const)('about %s has its method and path, and not its query', async ([, headers]) => {
			const tag = app.tag();
			const query = `?ms=3600000&tag=${tag}&token=secret`;
			const printed = await leave(`/wait${query}`, tag, headers);
			expect(printed).toContain('A client left during the handshake (GET /wait).');
			expect(printed).not.toContain('secret');
		});

		test.for([
			['a handshake', {}],
			['a probe', asProbe]
		] as const)('about %s has no one-time key', async ([, headers]) => {
			const path = await oneTimePath(app.running.url, { name: 'waiting' });
			expect(path).not.toBe('');
			const printed = await leave(path, 'waiting', headers);
			expect(printed).toContain('(GET /_/connect/\u2026).');
			expect(printed).not.toContain(path);
		});

		test('about an error of a one-time handler has no key, whoever writes it', async () => {
			const path = await oneTimePath(app.running.url, { name: 'broken' });
			const tag = app.tag();
			const printed = watch();
			const answer = await fetch(`${app.running.url}${path}?tag=${tag}`, {
				headers: { 'x-websocket-probe': '1' }
			});
			expect(answer.status).toBe(500);
			expect((await app.upgrade(`${path}?tag=${tag}`)).status).toBe(500);
			expect(await app.journal(tag)).toEqual([
				'handle /_/connect/key',
				'handleError upgrade broke, secretly',
				'handle /_/connect/key',
				'handleError upgrade broke, secretly'
			]);
			expect(printed()).not.toContain(path);
		});

		// The other servers read no such header, and Vite answers what is no handshake.
		test.runIf(subject.isProduction)('about a bad request is short, and one line', async () => {
			const long = 'secret'.repeat(1000);
			const headers = { 'x-forwarded-proto': `a:${long}` };
			for (const path of ['/echo', '/page']) {
				const plain: Record<string, string> = { connection: '', upgrade: '' };
				for (const more of [{}, plain]) {
					const printed = watch();
					const { status } = await app.upgrade(`${path}?${long}`, { ...headers, ...more });
					expect(status).toBe(400);
					await expect.poll(printed).toContain('\n');
					expect(printed()).toContain(`A request was answered 400 (GET ${path}). The header`);
					expect(printed().split('\n')).toHaveLength(2);
					expect(printed().length).toBeLessThan(500);
				}
			}
		});
	});

	describe.runIf(subject.isProduction)(`${subject.name}: a flood of bad requests`, () => {
		const app = new App(subject);

		test('is a hundred lines, whatever it brings', async () => {
			const bad = { connection: '', upgrade: '', 'x-forwarded-proto': 'a:b' };
			for (let count = 0; count < 150; count += 1) {
				expect((await app.upgrade(`/page/${count}`, bad)).status).toBe(400);
			}
			await app.running.printed(/GET \/page\/99\)/);
			// What is written later than the lines that are not there.
			await app.upgrade('/echo', { origin: 'https://after.example' });
			await app.running.printed(/after\.example/);
			expect(app.running.output().match(/A request was answered 400/g)).toHaveLength(100);
		});
	});
}
