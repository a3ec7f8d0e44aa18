import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from './random.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { World } from './world.ts';

/**
 * Breaks what several processes are made of, again and again, and checks what is promised of messages meanwhile. Each
 * scenario begins with a world of its own; what it chooses is the same for the same seed.
 */
const { values } = parseArgs({
	options: {
		/** Of the first repetition; the next one has the next number. */
		seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
		repeat: { type: 'string', default: '1' },
		/** Seconds after which no scenario is begun any more. */
		time: { type: 'string', default: 'Infinity' },
		/** Only these; several with commas. */
		scenario: { type: 'string' },
		engine: { type: 'string', default: 'uws' },
		/** Run the app that was built before. */
		'no-build': { type: 'boolean', default: false },
		/** Only say what there is. */
		list: { type: 'boolean', default: false }
	}
});

if (values.list) for (const { name, about } of scenarios) console.log(`${name}: ${about}`);
else {
	if (!values['no-build']) buildApp();
	process.exitCode = (await runAll(choose(values.scenario))) ? 0 : 1;
}

function choose(names: string | undefined): readonly Scenario[] {
	if (names === undefined) return scenarios;
	return names.split(',').map((name) => {
		const found = scenarios.find((each) => each.name === name.trim());
		if (!found) throw new Error(`There is no scenario ${name}; --list says which there are`);
		return found;
	});
}

function buildApp(): void {
	const root = new URL('../../', import.meta.url);
	execFileSync(
		process.execPath,
		[fileURLToPath(new URL('node_modules/vite/bin/vite.js', root)), 'build'],
		{
			cwd: fileURLToPath(new URL('test/conformance/websocket/fixtures/app/', root)),
			env: { ...process.env, NODE_ENV: 'production', VARIANT: 'default' },
			stdio: ['ignore', 'ignore', 'inherit']
		}
	);
}

/** @returns whether all is well */
async function runAll(chosen: readonly Scenario[]): Promise<boolean> {
	const end = performance.now() + Number(values.time) * 1000;
	let [runs, failed] = [0, 0];
	for (let repetition = 0; repetition < Number(values.repeat); repetition += 1) {
		for (const scenario of chosen) {
			if (performance.now() > end) break;
			runs += 1;
			if (!(await runOne(scenario, Number(values.seed) + repetition))) failed += 1;
		}
	}
	console.log(`${runs} runs, ${failed} failed`);
	return runs > 0 && failed === 0;
}

/** @returns whether all is well */
async function runOne(scenario: Scenario, seed: number): Promise<boolean> {
	const from = performance.now();
	const world = await World.create(new Random(seed), values.engine);
	const { checker } = world;
	try {
		await scenario.run(world);
		await world.leave();
	} catch (error) {
		checker.fault(String(error));
	} finally {
		await world[Symbol.asyncDispose]();
	}
	const seconds = ((performance.now() - from) / 1000).toFixed(1);
	const isWell = checker.faults.length === 0;
	const counts = `${checker.published} messages, ${checker.heard} deliveries`;
	console.log(
		`${isWell ? 'ok    ' : 'FAILED'} ${scenario.name}, seed ${seed}: ${seconds} s, ${counts}`
	);
	if (isWell) return true;
	for (const fault of checker.faults) console.log(`  ${fault}`);
	for (const { name, output } of world.instances) console.log(`  ${name} has printed:\n${output}`);
	console.log(
		`  again: npm run stress -- --engine ${values.engine} --scenario ${scenario.name} --seed ${seed}`
	);
	return false;
}
