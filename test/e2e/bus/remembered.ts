import { expect } from 'vitest';
import { OwnClient } from '../../conformance/websocket/own-client.ts';
import type { Client } from '../../support/client.ts';

/** Messages of each publisher, a thousand a second. */
const talk = 700;

/**
 * A topic that remembers is complete, and the same for all, for clients that come back to whichever process answers while three
 * others publish.
 * @param open a connection, to another process each time as far as that can be chosen
 */
export async function expectComplete(open: (path: string) => Promise<Client>): Promise<void> {
	const path = `/remembered/remembered:${crypto.randomUUID()}`;
	const [steady, first, second] = ['steady00', 'shaky001', 'shaky002'].map(
		(name) => new OwnClient({ open }, name, path)
	);
	if (!steady || !first || !second) throw new Error('There are none');
	const clients = [steady, first, second];
	for (const client of clients) {
		await client.connect();
		await expect.poll(() => client.states.length).toBe(1);
	}
	const publishers = await Promise.all([0, 1, 2].map(() => open(path)));
	for (const publisher of publishers) publisher.send(JSON.stringify({ talk }));
	for (let time = 1; time <= 10; time += 1) {
		await expect.poll(() => steady.texts.length).toBeGreaterThan(time * 100);
		const client = time % 2 === 0 ? first : second;
		await client.cut();
		await client.connect();
	}
	const total = 3 * talk;
	for (const client of clients) await expect.poll(() => client.offset).toBe(total);
	const numbers = Array.from({ length: total }, (_, index) => String(Math.floor(index / 3)));
	expect(steady.texts.toSorted()).toEqual(numbers.toSorted());
	for (const client of clients) {
		expect(client.texts).toEqual(steady.texts);
		expect(client.states.filter(({ isRecovered }) => isRecovered === false)).toEqual([]);
	}
	for (const { received } of publishers) expect(received).toEqual(steady.texts);
	await Promise.all([
		...clients.map((client) => client.cut()),
		...publishers.map((each) => each.close())
	]);
}
