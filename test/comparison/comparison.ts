import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from './answer.ts';
import { buildAll } from './build.ts';
import type { Case, Variant } from './case.ts';
import type { Difference } from './differences.ts';
import type { Major } from './majors.ts';
import { Servers } from './servers.ts';
import type { Subject } from './subjects.ts';

interface Group {
	variant: Variant;
	env: Record<string, string>;
	cases: Case[];
}

/** Every case, asked of adapter-node and of our build on each engine. */
export function comparisonSuite(major: Major): void {
	const { cases, differences, subjects } = major;
	/** Differences that a case needed. */
	const needed = new Set<Difference>();

	beforeAll(() => buildFor(major), 600_000);

	for (const group of groupByServer(cases)) {
		const env = Object.entries(group.env).map(([name, value]) => `${name}=${value}`);
		describe([group.variant, ...env].join(' '), () => compareGroup(major, group, needed));
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

	test.for(subjects)('no case is in two differences of $name', ({ name }) => {
		const own = differences.filter((each) => each.subjects.includes(name) && !each.headers);
		const named = own.flatMap((each) => each.cases);
		expect(named.filter((each, index) => named.indexOf(each) !== index)).toEqual([]);
	});

	test('every difference is needed', () => {
		expect(differences.length).toBeLessThanOrEqual(major.maxDifferences);
		expect(differences.filter((each) => !needed.has(each)).map(({ what }) => what)).toEqual([]);
	});
}

/** The reference knows no other variant: each takes seconds, and its own comparison has them all. */
const referenceVariant = 'default';

async function buildFor({ home, cases, atRunTime, reference }: Major): Promise<void> {
	const asked = cases.map(({ variant = 'default' }) => variant);
	const variants = asked.map((variant) => atRunTime[variant]?.variant ?? variant);
	await buildAll(home, ['node', 'ws'], new Set(variants));
	if (reference) await buildAll(reference.home, ['node'], [referenceVariant]);
}

function compareGroup(major: Major, group: Group, needed: Set<Difference>): void {
	let running: Servers | undefined;
	const answers = new Map<string, Promise<Answer[]>>();

	const servers = (): Servers => {
		if (running === undefined) throw new Error('The servers did not start');
		return running;
	};

	beforeAll(async () => {
		running = await Servers.start(major, group.variant, group.env, major.subjects);
	});

	afterAll(async () => {
		await running?.[Symbol.asyncDispose]();
	});

	for (const each of group.cases) {
		test.for(major.subjects)(`${each.name} is answered alike by $name`, async (subject) => {
			const key = each.isOfRuntime ? `${each.name} on ${subject.runtime}` : each.name;
			const asked = answers.get(key) ?? servers().expected(each, subject);
			answers.set(key, asked);
			const raw = { expected: await asked, found: await servers().of(subject).answer(each) };
			const inHeaders = findDifferences(major, each, subject).filter(({ headers }) => headers);
			for (const difference of inHeaders) {
				expectDifference(difference, raw.expected, raw.found);
				needed.add(difference);
			}
			const rest = (all: Answer[]) => withoutHeaders(all, inHeaders);
			const [expected, found] = [rest(raw.expected), rest(raw.found)];
			const difference = findDifferences(major, each, subject).find(({ headers }) => !headers);
			if (difference === undefined) {
				expect(found).toEqual(expected);
				return;
			}
			expectDifference(difference, expected, found);
			needed.add(difference);
			if (difference.isInReference && group.variant === referenceVariant)
				expectReference(expected, found, rest(await servers().reference(each)));
		});
	}

	test.for(major.subjects)('after all of that $name still runs', (subject) => {
		expect(running?.oracle.isRunning).toBe(true);
		expect(running?.of(subject).isRunning).toBe(true);
	});
}

function findDifferences({ differences }: Major, { name }: Case, subject: Subject): Difference[] {
	return differences.filter(
		(each) => each.subjects.includes(subject.name) && each.cases.includes(name)
	);
}

/** Without the headers in which answers may differ. */
function withoutHeaders(answers: Answer[], differences: Difference[]): Answer[] {
	const names = new Set(differences.flatMap(({ headers = [] }) => headers));
	return answers.map((answer) => ({
		...answer,
		headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !names.has(name)))
	}));
}

function expectDifference(difference: Difference, expected: Answer[], found: Answer[]): void {
	expect(found, `The difference is gone: ${difference.what}`).not.toEqual(expected);
	const others = found.filter((answer, index) => !isDeepStrictEqual(answer, expected[index]));
	for (const { status } of others) expect(difference.statuses).toContain(status);
}

/** What is not answered as the oracle does is answered as the reference does. */
function expectReference(expected: Answer[], found: Answer[], reference: Answer[]): void {
	for (const [index, answer] of found.entries()) {
		if (isDeepStrictEqual(answer, expected[index])) continue;
		expect(withoutPage(answer)).toEqual(withoutPage(reference[index]));
	}
}

/** Two versions of SvelteKit render a page in two ways. */
function withoutPage(answer: Answer | undefined): Partial<Answer> | undefined {
	const isPage = String(answer?.headers['content-type']).startsWith('text/html');
	return isPage ? { status: answer?.status } : answer;
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
