import { fileURLToPath } from 'node:url';
import type { runtimes } from './machine.ts';

/**
 * What a server can be asked: the file, the endpoint and the POST, which servers without an app answer too; the pages of
 * the app; sockets, and messages that a request publishes to them; topics that remember; thousands of sockets; and whether an
 * adapter has built it.
 */
export type Ability = 'plain' | 'pages' | 'sockets' | 'topics' | 'crowds' | 'built';

/** A server that is measured. */
export interface Subject {
	name: string;
	/** What is in the table's head. */
	title: string;
	runtime: keyof typeof runtimes;
	/** Of the runtime. */
	flags: readonly string[];
	script: string;
	env: Record<string, string>;
	can: readonly Ability[];
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const alone = (name: string, title: string, runtime: Subject['runtime'], script: string) =>
	({
		name,
		title: `${title} alone`,
		runtime,
		flags: [],
		script: path(`raw/${script}.ts`),
		env: {},
		can: ['plain', 'sockets', 'crowds']
	}) satisfies Subject;

const ours = (name: string, title: string, runtime: Subject['runtime']) =>
	({
		name,
		title: `ours, ${title}`,
		runtime,
		flags: [],
		script: path('app/build/ws'),
		env: { ENGINE: name },
		can: ['plain', 'pages', 'sockets', 'topics', 'crowds', 'built']
	}) satisfies Subject;

export const subjects: readonly Subject[] = [
	{
		name: 'adapter-node',
		title: 'adapter-node 6',
		runtime: 'node',
		flags: [],
		script: path('app/build/node'),
		env: {},
		can: ['plain', 'pages', 'built']
	},
	ours('uws', 'uWebSockets.js', 'node'),
	ours('bun', 'Bun', 'bun'),
	ours('node', 'Node', 'node'),
	alone('raw-uws', 'uWebSockets.js', 'node', 'uws'),
	alone('raw-bun', '`Bun.serve`', 'bun', 'bun'),
	alone('raw-ws', '`node:http` and `ws`', 'node', 'node')
];

const flag = '--experimental-async-context-frame';

/** The name of a subject that runs as Node 24 does by itself. */
export function contextFrameName(name: string): string {
	return `${name}+async-context-frame`;
}

/** The apps that run on Node, once more, with async hooks that do not follow every promise. */
export function withContextFrame(all: readonly Subject[]): Subject[] {
	return all
		.filter(({ runtime, can }) => runtime === 'node' && can.includes('built'))
		.map((subject) => ({
			...subject,
			name: contextFrameName(subject.name),
			flags: [...subject.flags, flag],
			can: subject.can.filter((ability) => ability !== 'crowds' && ability !== 'built')
		}));
}
