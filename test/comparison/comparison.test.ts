import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from './answer.ts';
import { buildAll } from './build.ts';
import type { Case, Variant } from './case.ts';
import { cases } from './cases/index.ts';
import { differences, type Difference } from './differences.ts';
import { Servers } from './servers.ts';
import { subjects, type Subject } from './subjects.ts';

interface Group {
	variant: Variant;
	env: Record<string, string>;
	cases: Case[];
}

/** Differences that a case needed. */
const needed = new Set<Difference>();

beforeAll(() => buildAll(new Set(cases.map(({ variant = 'default' }) => variant))), 600_000);

for (const group of groupByServer(cases)) {
	const env = Object.entries(group.env).map(([name, value]) => `${name}=${value}`);
	describe([group.variant, ...env].join(' '), () => compareGroup(group));
}

test('every case has a name of its own', () => {
	const names = cases.map(({ name }) => name);
	expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every difference names cases that exist', () => {
	const names = new Set(cases.map(({ name }) => name));
	const unknown = differences.flatMap((each) => each.cases).filter((name) => !names.has(name));
	expect(unknown).toEqual([]);
});

test('every difference is needed', () => {
	expect(differences.length).toBeLessThanOrEqual(10);
	expect(differences.filter((each) => !needed.has(each)).map(({ what }) => what)).toEqual([]);
});

function compareGroup(group: Group): void {
	let servers: Servers | undefined;
	const answers = new Map<Case, Promise<Answer[]>>();

	beforeAll(async () => {
		servers = await Servers.start(group.variant, group.env, subjects);
	});

	afterAll(async () => {
		await servers?.[Symbol.asyncDispose]();
	});

	for (const each of group.cases) {
		test.for(subjects)(`${each.name} is answered alike by $name`, async (subject) => {
			if (servers === undefined) throw new Error('The servers did not start');
			const asked = answers.get(each) ?? servers.oracle.answer(each);
			answers.set(each, asked);
			compare(each, subject, await asked, await servers.of(subject).answer(each));
		});
	}

	test.for(subjects)('after all of that $name still runs', (subject) => {
		expect(servers?.oracle.isRunning).toBe(true);
		expect(servers?.of(subject).isRunning).toBe(true);
	});
}

function compare({ name }: Case, subject: Subject, expected: Answer[], found: Answer[]): void {
	const difference = differences.find(
		(each) => each.subjects.includes(subject.name) && each.cases.includes(name)
	);
	if (difference === undefined) {
		expect(found).toEqual(expected);
		return;
	}
	expect(found, `The difference is gone: ${difference.what}`).not.toEqual(expected);
	needed.add(difference);
	const others = found.filter((answer, index) => !isDeepStrictEqual(answer, expected[index]));
	for (const { status } of others) expect(difference.statuses).toContain(status);
}

function groupByServer(all: Case[]): Group[] {
	const groups = new Map<string, Group>();
	for (const each of all) {
		const { variant = 'default', env = {} } = each;
		const key = JSON.stringify([variant, Object.entries(env).sort()]);
		const group = groups.get(key) ?? { variant, env, cases: [] };
		groups.set(key, group);
		group.cases.push(each);
	}
	return [...groups.values()];
}
