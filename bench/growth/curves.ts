import type { Load } from '../load/load.ts';
import { broadcast, manyTopics } from '../load/sockets.ts';
import { wrk } from '../load/wrk.ts';
import { repeat, type RepeatedWork, type Work } from '../works.ts';

/** What a server is asked with more and more of something. */
export interface Curve {
	/** Also of its file. */
	name: string;
	title: string;
	/** What there is more and more of. */
	more: string;
	unit: RepeatedWork['unit'];
	steps: readonly number[];
	/** Names of the servers. */
	subjects: readonly string[];
	load(step: number): Load;
}

const apps = ['adapter-node', 'uws', 'bun', 'node'];
const powers = (most: number) =>
	Array.from({ length: Math.log10(most) + 1 }, (_, power) => 10 ** power);

export const curves: readonly Curve[] = [
	{
		name: 'connections',
		title: 'More connections: the small endpoint',
		more: 'connections',
		unit: 'request',
		steps: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
		subjects: apps,
		load: (connections) => wrk({ path: '/endpoint', connections })
	},
	{
		name: 'answers',
		title: 'Larger answers of an endpoint',
		more: 'bytes of the answer',
		unit: 'request',
		steps: powers(1_000_000),
		subjects: apps,
		load: (length) => wrk({ path: `/bytes/${length}` })
	},
	{
		name: 'uploads',
		title: 'Larger bodies of POSTs',
		more: 'bytes of the body',
		unit: 'request',
		steps: powers(1_000_000),
		subjects: apps,
		load: (length) =>
			wrk({ path: '/length', body: 'x'.repeat(length), type: 'application/octet-stream' })
	},
	{
		name: 'subscribers',
		title: 'More subscribers of a topic: a message of 100 bytes to each',
		more: 'subscribers',
		unit: 'delivery',
		steps: powers(10_000),
		subjects: ['raw-ws', 'uws', 'bun', 'node', 'raw-uws'],
		load: (size) => broadcast('/room', size)
	},
	{
		name: 'topics',
		title: 'More topics: ten peers on all of them, a message to one after the other',
		more: 'topics',
		unit: 'message',
		steps: powers(10_000),
		subjects: ['uws', 'bun', 'node', 'raw-uws'],
		load: manyTopics
	}
];

/** What comes before all curves of a server: else the first steps would show how its code is compiled. */
export const warmUp: Work = {
	name: 'warm-up',
	needs: 'plain',
	async measure(server, { seconds }) {
		const open = await wrk({ path: '/endpoint' }).open(server.port);
		await open.run(seconds * 8);
		return {};
	}
};

/** Each step is a work of its own. */
export function worksOf(curve: Curve): RepeatedWork[] {
	return curve.steps.map((step) =>
		repeat(workName(curve, step), 'plain', curve.unit, curve.load(step))
	);
}

export function workName({ name }: Curve, step: number): string {
	return `${name}: ${step}`;
}
