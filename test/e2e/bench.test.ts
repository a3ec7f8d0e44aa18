import { beforeAll, describe, expect, it } from 'vitest';
import { file } from '../../bench/file.ts';
import { measure } from '../../bench/measure.ts';
import { startServer } from '../../bench/server.ts';
import { subjects, type Subject } from '../../bench/subjects.ts';
import { works } from '../../bench/works.ts';
import { findProgram } from '../support/debian.ts';

const pace = { seconds: 0.2, idle: 100, returning: 50 };
const asked = works.filter(({ name }) =>
	['20 KB file', 'small endpoint', 'echo of 100 bytes', 'endpoint publishes to 1,000'].includes(
		name
	)
);
const crowds = works.filter(({ name }) => ['idle sockets', 'avalanche'].includes(name));
const alone = subjects.filter(({ can }) => !can.includes('pages'));

beforeAll(() => {
	findProgram({ names: ['wrk'], package: 'wrk', need: 'The bench needs wrk' });
});

async function answersOf(subject: Subject) {
	const server = await startServer(subject);
	const ask = async (path: string, body?: string) => {
		const method = body === undefined ? 'GET' : 'POST';
		const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method, body });
		const { 'content-type': type, 'content-length': length } = Object.fromEntries(response.headers);
		return [response.status, type, length, await response.text()];
	};
	try {
		return [
			await ask('/endpoint'),
			await ask(file.path),
			await ask('/post', '{"items":[1,2]}'),
			await ask('/nowhere').then(([status]) => status)
		];
	} finally {
		await server.stop();
	}
}

describe('the bench', () => {
	it.each(alone)('measures what $name does again and again', async (subject) => {
		const failures: unknown[] = [];
		const samples = await measure(subject, asked, pace, 1, (_, error) => failures.push(error));
		expect(failures).toEqual([]);
		expect(samples.map(({ work }) => work)).toEqual(asked.map(({ name }) => name));
		for (const { values } of samples) {
			expect(values).toEqual({ cpu: expect.any(Number), rate: expect.any(Number) });
		}
	});

	it('weighs idle sockets, and counts what a visitor waits for while sockets come back', async () => {
		const [subject] = alone.filter(({ name }) => name === 'raw-ws');
		if (!subject) throw new Error('There is no such server');
		const failures: unknown[] = [];
		const samples = await measure(subject, crowds, pace, 1, (_, error) => failures.push(error));
		expect(failures).toEqual([]);
		const [idle, avalanche] = samples.map(({ values }) => values);
		expect(idle?.['bytes']).toEqual(expect.any(Number));
		expect(avalanche?.['open']).toBeGreaterThan(0);
		expect(avalanche?.['worst']).toBeGreaterThanOrEqual(avalanche?.['median'] ?? Infinity);
	});

	it('asks servers that answer alike', async () => {
		const [first, ...others] = await Promise.all(alone.map(answersOf));
		expect(first?.[0]).toEqual([
			200,
			'application/json',
			'36',
			'{"hello":"world","path":"/endpoint"}'
		]);
		expect(first?.[2]).toEqual([200, 'application/json', '11', '{"items":2}']);
		for (const other of others) expect(other).toEqual(first);
	});

	it('tells of a work that fails, and goes on', async () => {
		const [subject] = alone;
		if (!subject) throw new Error('There is no server');
		const broken = {
			name: 'broken',
			needs: 'plain' as const,
			measure: () => Promise.reject(new Error('No answer'))
		};
		const failed: string[] = [];
		const todo = [broken, ...works.filter(({ name }) => name === 'echo of 100 bytes')];
		const samples = await measure(subject, todo, pace, 1, ({ name }) => failed.push(name));
		expect(failed).toEqual(['broken']);
		expect(samples).toHaveLength(1);
	});

	it('tells of a server that does not start', async () => {
		const subject = { ...alone[0], script: 'nowhere.ts' } as Subject;
		const failed: string[] = [];
		const measured = measure(subject, asked, pace, 1, ({ name }) => failed.push(name));
		expect(await measured).toEqual([]);
		expect(failed).toEqual(asked.map(({ name }) => name));
	});
});
