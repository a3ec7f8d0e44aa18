import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningRedis } from '../../test/support/redis.ts';
import { processesWith } from './processes.ts';
import { marker } from './instance.ts';
import { until } from './until.ts';

/** Those of the members on the broker. The app has topics of its own, and so have processes. */
const topics = '*topic/stress *';

/** The broker has no topic any more that nobody listens to. */
export async function expectNoTopics(redis: RunningRedis): Promise<string | undefined> {
	let left = '';
	const isGone = await until(
		async () => (left = await redis.ask('pubsub', 'channels', topics)) === ''
	);
	return isGone ? undefined : `The broker still has topics that nobody is on: ${left}`;
}

/** What is left of instances that have ended. @returns what should not be there */
export async function findLeftovers(
	redis: RunningRedis,
	run: string,
	folder: string
): Promise<string[]> {
	const left: string[] = [];
	let found: number[] = [];
	if (!(await until(() => (found = processesWith(marker, run)).length === 0)))
		left.push(`Processes are left: ${found.join(', ')}`);
	const files = filesIn(folder);
	if (files.length > 0) left.push(`Files are left: ${files.join(', ')}`);
	let channels = '';
	if (!(await until(async () => (channels = await redis.ask('pubsub', 'channels')) === '')))
		left.push(`The broker still has channels: ${channels}`);
	const clients = (await redis.ask('client', 'list')).split('\n');
	if (clients.length > 1) left.push(`The broker still has connections: ${clients.join(', ')}`);
	return left;
}

/** Folders may stay. */
function filesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => !entry.isDirectory())
		.map(({ parentPath, name }) => join(parentPath, name));
}
