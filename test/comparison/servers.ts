import { runApp, type RunningApp } from '../support/server.ts';
import { ask, type Answer } from './answer.ts';
import { BuiltPaths, buildFolder, type AdapterName } from './build.ts';
import type { Case, Variant } from './case.ts';
import type { Major } from './majors.ts';
import type { Subject } from './subjects.ts';

/** What the builds of a variant expect before the names of their variables. */
const prefixes: Partial<Record<Variant, string>> = { prefix: 'APP_' };

/** A name that is nobody else's needs no prefix. */
const isOwnName = /^SVELTE_ADAPTER_WS_/;

/** Variables that are the app's own and have no prefix. */
const appEnv = { GREETING: 'hello from the environment', PUBLIC_NAME: 'comparison' };

/** One running server. */
export class Server implements AsyncDisposable {
	readonly #major: Major;
	readonly #app: RunningApp;
	readonly #paths: BuiltPaths;

	private constructor(major: Major, app: RunningApp, paths: BuiltPaths) {
		this.#major = major;
		this.#app = app;
		this.#paths = paths;
	}

	static async start(
		major: Major,
		adapter: AdapterName,
		variant: Variant,
		{ env, runtime }: Pick<Subject, 'env' | 'runtime'>
	): Promise<Server> {
		const atRunTime = major.atRunTime[variant];
		const build = { home: major.home, adapter, variant: atRunTime?.variant ?? variant };
		const prefix = prefixes[variant] ?? '';
		const own = { HOST: '127.0.0.1', PORT: '0', ...atRunTime?.env, ...env };
		const prefixed = Object.entries(own).map(([name, value]) => [
			isOwnName.test(name) ? name : prefix + name,
			value
		]);
		const app = await runApp({
			args: [buildFolder(build)],
			...(runtime !== undefined && { runtime }),
			env: { ...appEnv, ...Object.fromEntries(prefixed) }
		});
		return new Server(major, app, new BuiltPaths(build, major.etagOf[adapter]));
	}

	/** The answers to the requests of a case, in their order. */
	async answer({ raw, isAll }: Case): Promise<Answer[]> {
		const target = { port: this.#app.port, paths: this.#paths };
		const requests = [raw].flat().map((each) => (typeof each === 'function' ? each(target) : each));
		const answers = await ask(this.#app.port, requests, isAll);
		return answers.map((each) => ({ ...each, headers: this.#major.normalise(each.headers) }));
	}

	get port(): number {
		return this.#app.port;
	}

	get isRunning(): boolean {
		return this.#app.isRunning;
	}

	output(): string {
		return this.#app.output();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#app[Symbol.asyncDispose]();
	}
}

/** Those that few cases need. */
interface Starting {
	on(runtime: string): Promise<Server>;
	reference(): Promise<Server>;
}

/** adapter-node and the subjects, on the same app in the same environment. */
export class Servers implements AsyncDisposable {
	readonly oracle: Server;
	readonly #bySubject: Map<Subject, Server>;
	readonly #starting: Starting;
	readonly #onRuntimes = new Map<string, Promise<Server>>();
	#reference: Promise<Server> | undefined;

	private constructor(oracle: Server, bySubject: Map<Subject, Server>, starting: Starting) {
		this.oracle = oracle;
		this.#bySubject = bySubject;
		this.#starting = starting;
	}

	static async start(
		major: Major,
		variant: Variant,
		env: Record<string, string>,
		subjects: Subject[]
	): Promise<Servers> {
		const oracle = await Server.start(major, 'node', variant, { env });
		const bySubject = new Map<Subject, Server>();
		for (const subject of subjects) {
			const own = { ...subject, env: { ...env, ...subject.env } };
			bySubject.set(subject, await Server.start(major, 'ws', variant, own));
		}
		return new Servers(oracle, bySubject, {
			on: (runtime) => Server.start(major, 'node', variant, { env, runtime }),
			async reference() {
				if (major.reference === undefined) throw new Error('There is no reference');
				return Server.start(major.reference, 'node', variant, { env });
			}
		});
	}

	/** What adapter-node answers, on the runtime of the subject if that is what decides. */
	async expected(each: Case, { runtime }: Subject): Promise<Answer[]> {
		if (runtime === undefined || !each.isOfRuntime) return this.oracle.answer(each);
		const server = this.#onRuntimes.get(runtime) ?? this.#starting.on(runtime);
		this.#onRuntimes.set(runtime, server);
		return (await server).answer(each);
	}

	/** What the reference answers, which few cases ask. */
	async reference(each: Case): Promise<Answer[]> {
		this.#reference ??= this.#starting.reference();
		return (await this.#reference).answer(each);
	}

	of(subject: Subject): Server {
		const server = this.#bySubject.get(subject);
		if (server === undefined) throw new Error(`${subject.name} was not started`);
		return server;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const others = await Promise.all([this.#reference, ...this.#onRuntimes.values()]);
		const servers = [this.oracle, ...this.#bySubject.values(), ...others];
		for (const server of servers) await server?.[Symbol.asyncDispose]();
	}
}
