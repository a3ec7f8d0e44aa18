import { describe, expect, it } from 'vitest';
import { App } from '../websocket/app.ts';
import type { Subject } from '../websocket/subject.ts';
import { libraries } from '../websocket/subjects.ts';

/** Sockets of our own, in an app that has those of libraries beside them. */
function ownSuite(subject: Subject): void {
	describe(`${subject.name}: sockets beside those of libraries`, () => {
		const app = new App(subject);

		it('are what they are', async () => {
			await using client = await app.open('/own', { cookie: 'user=ann' });
			client.send('hello');
			expect(await client.message()).toBe('ann: hello');
		});
	});
}

for (const subject of Object.values(libraries)) ownSuite(subject);
