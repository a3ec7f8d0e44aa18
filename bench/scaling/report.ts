import type { Machine } from '../machine.ts';
import { summarizeCell, type Sample } from '../results.ts';
import { formatTable, section, threeDigits, type Row } from '../table.ts';
import { idle } from '../works.ts';
import {
	alone,
	broadcastWork,
	brokers,
	flows,
	handshakeWork,
	relayWork,
	single,
	spread,
	started,
	togetherWork,
	type Flow
} from './parts.ts';
import { brokerCost, mostMessages, processesWithSomebody } from './plan.ts';
import { clientDelay, simulate, steadyDelay, type StormCourse } from './storm.ts';

/** One run, as it is kept. */
export interface Scaling {
	machine: Machine;
	rounds: number;
	/** Of each part in each round. */
	seconds: number;
	/** Sockets that are weighed. */
	idle: number;
	samples: Sample[];
}

/** Sockets of each process, and clients of the storm. */
const sockets = 100_000;

const instances = [1, 10, 1000] as const;

const megabytes = (bytes: number) => threeDigits(bytes / 1_000_000);
const kilobytes = (bytes: number) => threeDigits(bytes / 1000);
const whole = (value: number) => value.toLocaleString('en-US', { maximumSignificantDigits: 2 });

const row = (label: string, work: string, value: string, format: Row['format'] = threeDigits) => ({
	label,
	work,
	value,
	format
});

const onOne = [
	row('MB of a process that has just been started', started.name, 'bytes', megabytes),
	row('KB of an idle socket more', idle.name, 'bytes', kilobytes),
	row('a message to 1,000 sockets, us a socket', broadcastWork, 'cpu'),
	row('the same, ten messages in one turn', togetherWork, 'cpu'),
	row('a handshake, us', handshakeWork, 'cpu')
];

const overBroker = flows.flatMap(({ work, label, window }) => [
	row(`${label}: us of the broker`, work, 'broker'),
	row('… us of the process that publishes', work, 'sender'),
	row('… us of each process that hears it', work, 'receiver'),
	window === 1
		? row('… us until it has arrived', work, 'interval')
		: row('… thousand a second', work, 'rate', (rate) => threeDigits(rate / 1000))
]);

const relayed = [
	row('echo over a one-time URL of the same process, us', relayWork, 'direct'),
	row('of another process, us of both', relayWork, 'relayed'),
	row('… us of the broker', relayWork, 'broker')
];

/** @returns markdown */
export function formatScaling(run: Scaling): string {
	const { samples, machine, rounds, seconds } = run;
	const columns = [...brokers];
	return [
		`# What processes hold, ${machine.date}\n\n`,
		`${machine.processor}; ${Object.entries(machine.versions)
			.map((pair) => pair.join(' '))
			.join(', ')}. `,
		`Medians of ${rounds} rounds of ${seconds} seconds; ${run.idle.toLocaleString('en-US')} idle sockets were weighed.\n\n`,
		formatTable(samples, { title: 'One process', rows: onOne, columns: single.subjects }),
		formatTable(samples, { title: 'Over a broker', rows: overBroker, columns }),
		formatTable(samples, { title: 'Relayed sockets', rows: relayed, columns }),
		formatInstances(samples),
		formatInterest(),
		formatStorms(capacityOf(samples))
	].join('');
}

function medianOf(samples: readonly Sample[], subject: string, work: string, value: string) {
	return summarizeCell(samples, { subject, work, value })?.median ?? NaN;
}

/** Handshakes that one core answers in a second. */
export function capacityOf(samples: readonly Sample[]): number {
	return 1_000_000 / medianOf(samples, 'uws', handshakeWork, 'cpu');
}

function formatInstances(samples: readonly Sample[]): string {
	const socket = medianOf(samples, 'uws', idle.name, 'bytes');
	const process = medianOf(samples, 'uws', started.name, 'bytes');
	const delivery = medianOf(samples, 'uws', broadcastWork, 'cpu');
	const line = (label: string, format: (count: number) => string) => [
		label,
		...instances.map(format)
	];
	const carried = (flow: readonly [Flow, Flow], title: string, name: string, way: string) => {
		// What slows a machine down only adds to a cost: the least is nearest to it.
		const [one = NaN, three = NaN] = flow.map(
			({ work }) => summarizeCell(samples, { subject: name, work, value: 'broker' })?.lowest
		);
		const cost = brokerCost(one, three);
		const most = (count: number, listeners: number) => {
			if (count === 1) return 'no broker needed';
			return cost ? whole(mostMessages(cost, listeners)) : 'too noisy to say';
		};
		return [
			line(`messages a second of one core of ${title}, ${way}, each heard by 2`, (count) =>
				most(count, 2)
			),
			line('… each heard by all', (count) => most(count, count))
		];
	};
	return section(
		'So many instances',
		['', ...instances.map((count) => whole(count))],
		[
			line(`sockets, ${whole(sockets)} each`, (count) => whole(count * sockets)),
			line('GB of memory for them, all instances together', (count) =>
				whole((count * (process + sockets * socket)) / 1e9)
			),
			line('messages to a socket a second, one core each', (count) =>
				whole((count * 1_000_000) / delivery)
			),
			...brokers.flatMap(({ name, title }) => [
				...carried(alone, title, name, 'one at a time'),
				...carried(spread, title, name, 'many at once')
			])
		]
	);
}

/** Of how many processes each hears a topic that so many sockets are on. */
function formatInterest(): string {
	const counts = [1, 10, 100, 1000, 10_000];
	const processes = [10, 1000];
	return section(
		'Processes that hear a topic, if its sockets are spread by chance',
		['sockets on the topic', ...counts.map((count) => whole(count))],
		processes.map((all) => [
			`of ${whole(all)} processes`,
			...counts.map((count) => whole(processesWithSomebody(all, count)))
		])
	);
}

/** The storms that are simulated, with their courses. */
export function simulateStorms(capacity: number): { away: number; course: StormCourse }[] {
	return [0, 5, 30].map((away) => ({
		away,
		course: simulate({ clients: sockets, away, capacity, delay: clientDelay() })
	}));
}

/** What it would be without chance. */
export function simulateSteady(capacity: number): StormCourse {
	return simulate({ clients: sockets, away: 5, capacity, delay: steadyDelay() });
}

function formatStorms(capacity: number): string {
	const lines = [
		...simulateStorms(capacity).map(({ away, course }) => [`away for ${away} s`, course] as const),
		['away for 5 s, if delays were not different for each', simulateSteady(capacity)] as const
	].map(([label, course]) => [
		label,
		whole(course.peak),
		whole(course.failed),
		threeDigits(course.backAt(50)),
		threeDigits(course.backAt(99))
	]);
	return section(
		`${whole(sockets)} clients come back to one core that answers ${whole(capacity)} handshakes a second`,
		[
			'the server is',
			'attempts in the worst tenth of a second',
			'that fail',
			's until half are back',
			's until 99 % are'
		],
		lines
	);
}
