import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { App } from './app.ts';
import { appFolder, type Subject } from './subject.ts';

const file = 'src/lib/server/explosion.ts';

/** `src/lib/server/explosion.ts:7`: where the app throws, in the file that its author knows. */
function thrower(): string {
	const lines = readFileSync(join(appFolder, file), 'utf8').split('\n');
	return `${file}:${lines.findIndex((line) => line.includes('throw new Error')) + 1}`;
}

/** Errors of the app say where they come from in its own files, whoever reports them. */
export function stacksSuite(subject: Subject): void {
	describe(`the places of errors on ${subject.name}`, () => {
		const app = new App(subject);
		// Without a handleError an error is a line in the log.
		const silent = new App(subject, 'base');

		test('an error hook is given a stack that names the source', async () => {
			await using client = await app.open('/explosions/told');
			client.send('now');
			expect(await client.message()).toContain(`${thrower()}:`);
		});

		test('a hook that fails is logged with the place in the source', async () => {
			await using client = await silent.open('/base/explosions/logged');
			client.send('now');
			const output = await silent.running.printed(
				/The websocket hook message of \/explosions\/logged failed[^]*explosion/
			);
			expect(output).toContain(`${thrower()}:`);
		});

		test('handleError is given a stack that names the source, of an upgrade as of a request', async () => {
			const before = await app.journal('explosion');
			await app.upgrade('/explosions/upgrade');
			await fetch(`${app.running.url}/explosion`);
			const places = (await app.journal('explosion')).slice(before.length);
			expect(places).toEqual([
				expect.stringContaining(`${thrower()}:`),
				expect.stringContaining(`${thrower()}:`)
			]);
		});
	});
}
