import { describe, expect, test } from 'vitest';
import { LiveClient, remotePath } from '../../support/live.ts';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

const file = 'src/lib/live.remote.ts';

/** Live queries of SvelteKit over one socket. */
export function liveSuite(subject: Subject): void {
	describe(`${subject.name}: live queries over one socket`, () => {
		const app = new App(subject);
		const open = (headers: Record<string, string> = {}) =>
			LiveClient.open(app.running.url, { headers });

		test('are answered as over HTTP', async () => {
			await using live = await open({ cookie: 'user=ada' });
			const answer = live.get(remotePath(file, 'counted', 3));
			expect(await answer.ended).toBe('end');
			const over = await fetch(app.running.url + remotePath(file, 'counted', 3), {
				headers: { accept: 'text/event-stream', cookie: 'user=ada' }
			});
			const head = await answer.head;
			expect([head.status, head.statusText]).toEqual([over.status, over.statusText]);
			expect(answer.body).toBe(await over.text());
		});
	});
}
