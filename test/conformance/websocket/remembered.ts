import { describe, expect, test } from 'vitest';
import { frame, kinds, mark } from '../../../src/shared/protocol.ts';
import { App } from './app.ts';
import { OwnClient } from './own-client.ts';
import type { Subject } from './subject.ts';

/** Messages that are published while clients come and go, a thousand a second. */
const talk = 2000;

/** What topics remember, as clients of this package and others get it. */
export function rememberedSuite(subject: Subject): void {
	describe(`${subject.name}: a topic that remembers`, () => {
		const app = new App(subject);
		let clients = 0;

		/** The path of a topic that no other test uses. */
		const pathOf = (kind = 'remembered') => `/remembered/${kind}:${app.tag()}`;

		function create(path: string, position?: string): OwnClient {
			clients += 1;
			return new OwnClient(app, `client${String(clients).padStart(4, '0')}`, path, position);
		}

		test('is complete to clients that lose their connection ten times while much is published', async () => {
			const path = pathOf();
			const shaky = [create(path), create(path)];
			for (const each of shaky) await each.connect();
			const steady = create(path);
			await steady.connect();
			await using plain = await app.open(path);
			steady.ask({ talk });
			for (let time = 1; time <= 10; time += 1) {
				await expect.poll(() => steady.texts.length).toBeGreaterThan(time * 100);
				const each = shaky[time % 2];
				await each?.cut();
				await each?.connect();
			}
			const all = Array.from({ length: talk }, (_, each) => String(each));
			await expect.poll(() => plain.received.length).toBe(talk);
			expect(plain.received).toEqual(all);
			for (const each of [steady, ...shaky]) {
				await expect.poll(() => each.offset).toBe(talk);
				expect(each.texts).toEqual(all);
				expect(each.told).toEqual([]);
				expect(each.states.filter(({ isRecovered }) => isRecovered === false)).toEqual([]);
				await each.cut();
			}
		});

		test("says nothing of the kind to others, who get the app's own messages", async () => {
			const path = pathOf();
			const own = create(path);
			await own.connect();
			await using plain = await app.open(path);
			own.ask({ say: 'one' });
			own.ask({ publish: `${mark}two` });
			own.ask({ bytes: [1, 2, 3] });
			expect([await plain.message(), await plain.message(), await plain.message()]).toEqual([
				'one',
				`${mark}two`,
				Buffer.from([1, 2, 3])
			]);
			plain.send(JSON.stringify({ publish: 'from plain' }));
			await expect.poll(() => own.offset).toBe(4);
			expect(own.texts).toEqual(['one', 'from plain']);
			expect(own.binary).toEqual([Buffer.from([1, 2, 3])]);
			await using late = await app.open(`${path}?replay=9`);
			await expect.poll(() => late.received.length).toBe(3);
			expect(late.received).toEqual(['one', `${mark}two`, 'from plain']);
			expect(plain.received).toHaveLength(2);
			await own.cut();
		});

		test('gives newcomers the newest, and who comes back what was missed, but for its own', async () => {
			const path = pathOf();
			const writer = create(path);
			await writer.connect();
			for (const say of ['1', '2', '3']) writer.ask({ say });
			await expect.poll(() => writer.texts).toEqual(['1', '2', '3']);
			const reader = create(`${path}?replay=2`);
			await reader.connect();
			expect(reader.texts).toEqual(['2', '3']);
			reader.ask({ publish: 'own' });
			await expect.poll(() => reader.offset).toBe(4);
			await reader.cut();
			writer.ask({ say: '5' });
			await expect.poll(() => writer.texts.at(-1)).toBe('5');
			await reader.connect();
			expect(reader.texts).toEqual(['2', '3', '5']);
			expect(reader.states.at(-1)).toMatchObject({ isRecovered: true, from: 4, offset: 5 });
			await writer.cut();
			await reader.cut();
		});

		test('goes on from where a page was rendered', async () => {
			const path = pathOf();
			const writer = create(path);
			await writer.connect();
			writer.ask({ say: 'before' });
			writer.ask({ position: true });
			await expect.poll(() => writer.told).toHaveLength(1);
			const { position } = JSON.parse(writer.told[0] ?? '') as { position: string };
			writer.ask({ say: 'between' });
			await expect.poll(() => writer.texts).toHaveLength(2);
			const page = create(path, position);
			await page.connect();
			expect(page.texts).toEqual(['between']);
			expect(page.states).toEqual([
				expect.objectContaining({ isRecovered: true, from: 1, offset: 2 })
			]);
			await writer.cut();
			await page.cut();
		});

		test('says what cannot be recovered, and what a position of somebody else is worth', async () => {
			const path = pathOf('few');
			const reader = create(path);
			await reader.connect();
			await reader.cut();
			const writer = create(path);
			await writer.connect();
			for (const say of ['1', '2', '3', '4', '5']) writer.ask({ say });
			await expect.poll(() => writer.texts).toHaveLength(5);
			await reader.connect();
			expect(reader.texts).toEqual(['4', '5']);
			expect(reader.states.at(-1)).toMatchObject({ isRecovered: false, missed: 3 });
			const { start = '' } = writer.states[0] ?? {};
			const liar = create(path, start.replace('.0.', '.3.'));
			await liar.connect();
			expect([liar.texts, liar.states[0]?.isRecovered]).toEqual([[], undefined]);
			for (const each of [reader, writer, liar]) await each.cut();
		});

		test('sends again what is missing, and says who has left', async () => {
			const path = pathOf();
			const client = create(path);
			await client.connect();
			for (const say of ['1', '2', '3']) client.ask({ say });
			await expect.poll(() => client.texts).toHaveLength(3);
			const number = client.states[0]?.number ?? 0;
			client.offset = 1;
			client.say(frame(kinds.missing, number, 1));
			await expect.poll(() => client.texts).toEqual(['1', '2', '3', '2', '3']);
			client.ask({ leave: true });
			await expect.poll(() => client.told).toEqual([frame(kinds.left, number)]);
			client.ask({ say: '4' });
			client.ask({ come: true });
			client.ask({ say: '5' });
			await expect.poll(() => client.texts.at(-1)).toBe('5');
			expect(client.texts).not.toContain('4');
			await client.cut();
		});
	});
}
