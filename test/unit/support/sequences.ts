/** Two that have to be the same to everybody. */
export interface Pair<Kind, Subject> {
	kind: Kind;
	one: Subject;
	other: Subject;
}

export interface Difference<Kind> {
	kind: Kind;
	/** Numbers of the steps that lead there. */
	steps: number[];
	one: string;
	other: string;
}

/** The same numbers every time. */
function drawing(): (count: number) => number {
	let state = 1;
	return (count) => {
		state = (state * 48_271) % 2_147_483_647;
		return state % count;
	};
}

/** How far something has come that may never end. */
const turns = 6;

/** Take steps in orders that look random, with one and the other; where they first say something else ends each. */
export async function sequences<Kind, Subject>(
	count: number,
	steps: ((subject: Subject) => unknown)[],
	create: (draw: (count: number) => number) => Pair<Kind, Subject>
): Promise<Difference<Kind>[]> {
	const draw = drawing();
	const differences: Difference<Kind>[] = [];
	for (let index = 0; index < count; index += 1) {
		const { kind, one, other } = create(draw);
		const numbers = Array.from({ length: 1 + draw(6) }, () => draw(steps.length));
		for (const [position, number] of numbers.entries()) {
			const step = () => steps[number] ?? (() => {});
			const seen = [await outcome(() => step()(one)), await outcome(() => step()(other))] as const;
			if (seen[0] === seen[1]) continue;
			const taken = numbers.slice(0, position + 1);
			differences.push({ kind, steps: taken, one: seen[0], other: seen[1] });
			break;
		}
	}
	return differences;
}

async function outcome(step: () => unknown): Promise<string> {
	try {
		const seen = await Promise.race([step(), hanging()]);
		return JSON.stringify(seen, (_, value: unknown) => readable(value)) ?? 'undefined';
	} catch (error) {
		return `threw ${String(error)}`;
	}
}

function readable(value: unknown): unknown {
	if (value instanceof Error) return String(value);
	return value === undefined ? '(undefined)' : value;
}

async function hanging(): Promise<string> {
	for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
	return 'hangs';
}
