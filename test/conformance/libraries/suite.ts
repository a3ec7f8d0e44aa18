import { describe, expect, it } from 'vitest';
import { App } from '../websocket/app.ts';
import type { Subject } from '../websocket/subject.ts';
import { crosswsSuite } from './crossws.ts';
import { graphqlSuite } from './graphql.ts';
import { hocuspocusSuite } from './hocuspocus.ts';
import { trpcSuite } from './trpc.ts';
import { yjsSuite } from './yjs.ts';

/** Other people's libraries in one app, with their own clients. */
export function librariesSuite(subject: Subject): void {
	describe(`${subject.name}: libraries`, () => {
		const app = new App(subject);

		it('leave sockets beside theirs as they are', async () => {
			await using client = await app.open('/own', { cookie: 'user=ann' });
			client.send('hello');
			expect(await client.message()).toBe('ann: hello');
		});

		crosswsSuite(app);
		graphqlSuite(app);
		trpcSuite(app);
		yjsSuite(app);
		hocuspocusSuite(app);

		it('write nothing into the log', () => {
			const lines = app.running.output().split('\n');
			expect(lines.filter((line) => /error|warn|fail|rejection/i.test(line))).toEqual([]);
		});
	});
}
