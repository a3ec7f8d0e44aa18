import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type {
	EnvironmentModuleNode,
	ErrorPayload,
	HotUpdateOptions,
	RunnableDevEnvironment,
	ViteDevServer
} from 'vite';
import type { HookModule } from '../../src/server/routing/routes.ts';
import { AdapterError } from '../../src/shared/errors.ts';
import type { SocketContext } from './context.ts';
import { findFile, hookModule, isAppFile, resolvedHookModule } from './hook-file.ts';
import { viteLog } from './mount.ts';

/** How often it is looked whether Vite has dropped the modules, unless another plugin keeps it from that. */
const maxTurns = 200;

/**
 * Milliseconds after which a saved file is looked at again. Vite's watcher (chokidar) tells of the first save and then
 * of none for 50, so what was read may be half of a file, or the last version but one.
 */
const settling = 100;

/** `hookModule` of an app without a hook file says so. */
type LoadedHook = HookModule & { isAbsent?: true };

/** Keeps the sockets of the dev server on the hook file as it is now. */
export class LiveHook {
	readonly #server: ViteDevServer;
	readonly #context: SocketContext;
	readonly #use: (module: HookModule | undefined) => Promise<void>;
	/**
	 * Kit has no other environment for the server either: `runner.js` there. A restart of Vite makes another one. In
	 * SvelteKit 2 its runner must not be asked for: that turns on Node's own source maps, beside Vite's.
	 */
	readonly #ssr: RunnableDevEnvironment;
	#current: HookModule | undefined;
	#loading: Promise<void> | undefined;
	/** Something has changed since the last load began. */
	#isStale = false;
	/** What was wrong last, so that it is said once. */
	#problem: string | undefined;
	/** Says so, unless the file turns out to have been read too early. */
	#report: (() => void) | undefined;
	/** How many saved files will be looked at again. */
	#settling = 0;
	#isClosed = false;

	/** @param use may reject with an `AdapterError` for a module that cannot be used */
	constructor(
		server: ViteDevServer,
		context: SocketContext,
		use: (module: HookModule | undefined) => Promise<void>
	) {
		this.#server = server;
		this.#context = context;
		this.#use = use;
		this.#ssr = server.environments['ssr'] as RunnableDevEnvironment;
		for (const event of ['add', 'unlink'] as const) {
			server.watcher.on(event, (path) => void this.#onFile(path));
		}
	}

	/**
	 * Make sure that what is in use is what the file says; cheap if nothing has changed. A file that cannot be used is
	 * reported, and what was in use stays. Never rejects.
	 */
	load(): Promise<void> {
		this.#loading ??= this.#loadNewest().finally(() => {
			this.#loading = undefined;
		});
		return this.#loading;
	}

	/**
	 * Files were saved. Vite drops the modules that depend on them only after it has told every plugin, and what is loaded
	 * before that would be evaluated twice.
	 */
	async update({ file, modules, timestamp }: HotUpdateOptions): Promise<void> {
		const node = this.#node;
		if (node === undefined || !closure(modules, 'importers').has(node)) return;
		this.#settling += 1;
		for (let turn = 0; turn < maxTurns && node.lastHMRTimestamp < timestamp; turn += 1) {
			await wait(5);
		}
		const content = await read(file);
		await this.#reload();
		await wait(settling, undefined, { ref: false });
		const isSettled = (await read(file)) === content;
		this.#settling -= 1;
		if (!isSettled) this.#server.watcher.emit('change', file);
		await this.#reportLater();
	}

	/** The server ends: what cannot be loaded from now on is nobody's mistake. */
	close(): void {
		this.#isClosed = true;
	}

	get #node(): EnvironmentModuleNode | undefined {
		return this.#ssr.moduleGraph.getModuleById(resolvedHookModule);
	}

	/** What is being loaded may be older than what has just happened. */
	#reload(): Promise<void> {
		this.#isStale = true;
		return this.load();
	}

	async #loadNewest(): Promise<void> {
		do {
			this.#isStale = false;
			await this.#load();
		} while (this.#isStale);
	}

	async #load(): Promise<void> {
		try {
			const module = await this.#import();
			if (module === this.#current) return;
			await this.#use(module.isAbsent ? undefined : module);
			this.#current = module;
			this.#solved();
		} catch (error) {
			if (!this.#isStale && !this.#isClosed) this.#failed(error);
		}
	}

	/** Through the runner of Kit's own modules: then the hook has them in common with pages. */
	#import(): Promise<LoadedHook> {
		if (this.#context.major === 3) return this.#ssr.runner.import<LoadedHook>(hookModule);
		return this.#server.ssrLoadModule(hookModule, { fixStacktrace: true });
	}

	/** A file comes or goes: what the hook file is, or what it imports, may have to be found out again. */
	readonly #onFile = async (path: string): Promise<void> => {
		const { websocket, kit } = this.#context;
		const { root } = this.#server.config;
		const isHook = [websocket.entry, kit.files.params].some((name) => isAppFile(root, name, path));
		if (!isHook && this.#problem === undefined) return;
		const { moduleGraph } = this.#ssr;
		if (isHook && this.#node) moduleGraph.invalidateModule(this.#node);
		for (const node of await this.#failedModules()) moduleGraph.invalidateModule(node);
		await this.#reload();
	};

	/** What could not be evaluated, perhaps for a file that was missing: it stays so until it is dropped. */
	async #failedModules(): Promise<EnvironmentModuleNode[]> {
		const nodes = [...closure(this.#node ? [this.#node] : [], 'importedModules')];
		if (this.#context.major === 2) return nodes.filter(({ ssrError }) => ssrError !== null);
		const { evaluatedModules } = this.#ssr.runner;
		const failures = nodes.map((node) =>
			evaluatedModules.getModuleById(node.id ?? '')?.promise?.then(
				() => false,
				() => true
			)
		);
		const isFailed = await Promise.all(failures);
		return nodes.filter((_node, index) => isFailed[index]);
	}

	#failed(error: unknown): void {
		const details = this.#describe(error);
		if (this.#problem === details.message) return;
		this.#problem = details.message;
		this.#report = () => {
			const { config, environments } = this.#server;
			viteLog(config.logger).error(
				`${this.#context.websocket.entry} cannot be used; sockets go on as before`,
				details.stack ? error : details.message
			);
			environments.client.hot.send({ type: 'error', err: details });
		};
		void this.#reportLater();
	}

	/** A file that is being written is no mistake. */
	async #reportLater(): Promise<void> {
		const report = this.#report;
		await wait(settling, undefined, { ref: false });
		if (report === undefined || this.#report !== report) return;
		if (this.#settling > 0 || this.#isClosed) return;
		this.#report = undefined;
		report();
	}

	/** Errors of Vite's plugins know their place in a file; ours is the hook file's. */
	#describe(error: unknown): ErrorPayload['err'] {
		if (!(error instanceof Error)) return { message: String(error), stack: '' };
		const { stack = '', id, frame, plugin, loc } = error as Error & ErrorPayload['err'];
		const message = stripVTControlCharacters(error.message);
		const file = findFile(this.#server.config.root, this.#context.websocket.entry);
		if (error instanceof AdapterError) return { message, stack: '', id: file };
		const calls = stack.split('\n').filter((line) => /^\s*at /.test(line));
		return { message, stack: calls.join('\n'), id, frame, plugin, loc };
	}

	/** The pages that show the error take it away when something was updated. */
	#solved(): void {
		if (this.#problem === undefined) return;
		this.#problem = undefined;
		this.#report = undefined;
		this.#server.environments.client.hot.send({ type: 'update', updates: [] });
	}
}

/** Modules with all that they import, or with all that imports them, directly or not. */
function closure(
	nodes: EnvironmentModuleNode[],
	direction: 'importers' | 'importedModules'
): Set<EnvironmentModuleNode> {
	const seen = new Set(nodes);
	for (const each of seen) {
		for (const next of each[direction]) seen.add(next);
	}
	return seen;
}

async function read(file: string): Promise<string | undefined> {
	return await readFile(file, 'utf8').catch(() => undefined);
}
