import { expect } from 'vitest';
import type { Client } from '../../support/client.ts';
import type { Instance } from './instance.ts';

/** Somebody who can be told what to do on a socket of the app: see the fixture's `/dialogue`. */
async function visitor(instance: Instance): Promise<Client> {
	const client = await instance.connect('/dialogue');
	await client.message();
	return client;
}

const deed = (name: string, what: unknown) => JSON.stringify({ do: name, with: what });

/** The ids of those who are present, as one process says it. */
async function people(asking: Client, topic: string): Promise<string[]> {
	asking.send(deed('people', topic));
	const present = (await asking.json()) as { id: string }[];
	return present.map(({ id }) => id).toSorted();
}

/** People in every process, each of whom has brought some. */
export class Gathering implements AsyncDisposable {
	readonly topic = `present:${crypto.randomUUID()}`;
	readonly #visitors: Client[] = [];

	/** @returns once every one of the others knows of him, too */
	async come(instance: Instance, id: string): Promise<Client> {
		const client = await visitor(instance);
		this.#visitors.push(client);
		client.send(deed('come', { topic: this.topic, presence: { id } }));
		return client;
	}

	/** Every process says that these are there, and nobody else. */
	async expect(instances: readonly Instance[], ids: readonly string[]): Promise<void> {
		for (const instance of instances) {
			await using asking = await visitor(instance);
			await expect
				.poll(() => people(asking, this.topic), { timeout: 45_000, interval: 100 })
				.toEqual(ids);
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const { ws } of this.#visitors) ws.terminate();
	}
}
