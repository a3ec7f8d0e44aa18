import { runApp, type RunningApp } from '../support/server.ts';
import { ask, type Answer } from './answer.ts';
import { BuiltPaths, buildFolder, type AdapterName } from './build.ts';
import type { Case, Variant } from './case.ts';
import type { Subject } from './subjects.ts';

/** What the builds of a variant expect before the names of their variables. */
const prefixes: Partial<Record<Variant, string>> = { prefix: 'APP_' };

/** Variables that are the app's own and have no prefix. */
const appEnv = { GREETING: 'hello from the environment', PUBLIC_NAME: 'comparison' };

/** One running server. */
export class Server implements AsyncDisposable {
	readonly #app: RunningApp;
	readonly #paths: BuiltPaths;

	private constructor(app: RunningApp, paths: BuiltPaths) {
		this.#app = app;
		this.#paths = paths;
	}

	static async start(
		adapter: AdapterName,
		variant: Variant,
		env: Record<string, string>
	): Promise<Server> {
		const prefix = prefixes[variant] ?? '';
		const own = { HOST: '127.0.0.1', PORT: '0', ...env };
		const prefixed = Object.entries(own).map(([name, value]) => [prefix + name, value]);
		const app = await runApp({
			args: [buildFolder(adapter, variant)],
			env: { ...appEnv, ...Object.fromEntries(prefixed) }
		});
		return new Server(app, new BuiltPaths(adapter, variant));
	}

	/** The answers to the requests of a case, in their order. */
	answer({ raw, isAll }: Case): Promise<Answer[]> {
		const target = { port: this.#app.port, paths: this.#paths };
		const requests = [raw].flat().map((each) => (typeof each === 'function' ? each(target) : each));
		return ask(this.#app.port, requests, isAll);
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

/** adapter-node and the subjects, on the same app in the same environment. */
export class Servers implements AsyncDisposable {
	readonly oracle: Server;
	readonly #bySubject: Map<Subject, Server>;

	private constructor(oracle: Server, bySubject: Map<Subject, Server>) {
		this.oracle = oracle;
		this.#bySubject = bySubject;
	}

	static async start(
		variant: Variant,
		env: Record<string, string>,
		subjects: Subject[]
	): Promise<Servers> {
		const oracle = await Server.start('node', variant, env);
		const bySubject = new Map<Subject, Server>();
		for (const subject of subjects) {
			bySubject.set(subject, await Server.start('ws', variant, { ...env, ...subject.env }));
		}
		return new Servers(oracle, bySubject);
	}

	of(subject: Subject): Server {
		const server = this.#bySubject.get(subject);
		if (server === undefined) throw new Error(`${subject.name} was not started`);
		return server;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const server of [this.oracle, ...this.#bySubject.values()]) {
			await server[Symbol.asyncDispose]();
		}
	}
}
