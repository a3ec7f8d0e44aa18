import type {
	EnvironmentModuleNode,
	HotUpdateOptions,
	RunnableDevEnvironment,
	ViteDevServer
} from 'vite';
import type { HookModule } from '../../src/server/websocket/routes.ts';
import { AdapterError } from '../../src/shared/errors.ts';
import type { AppContext } from './context.ts';
import { findFile, hookModule, isAppFile, resolvedHookModule } from './hook-file.ts';
import { viteLog } from './mount.ts';

/** How often it is looked whether Vite has dropped the modules, unless another plugin keeps it from that. */
const maxTurns = 200;

/** Keeps the sockets of the dev server on the hook file as it is now. */
export class LiveHook {
	readonly #server: ViteDevServer;
	readonly #context: AppContext;
	readonly #use: (module: HookModule | undefined) => void;
	#current: HookModule | undefined;
	#loading: Promise<void> | undefined;
	/** What was wrong last, so that it is said once. */
	#problem: string | undefined;

	/** @param use may throw an `AdapterError` for a module that cannot be used */
	constructor(
		server: ViteDevServer,
		context: AppContext,
		use: (module: HookModule | undefined) => void
	) {
		this.#server = server;
		this.#context = context;
		this.#use = use;
		for (const event of ['add', 'unlink'] as const) server.watcher.on(event, this.#onFile);
	}

	/** Kit has no other environment for the server either: `runner.js` there. */
	get #ssr(): RunnableDevEnvironment {
		return this.#server.environments['ssr'] as RunnableDevEnvironment;
	}

	/**
	 * Make sure that what is in use is what the file says; cheap if nothing has changed. A file that cannot be used is
	 * reported, and what was in use stays. Never rejects.
	 */
	load(): Promise<void> {
		this.#loading ??= this.#load().finally(() => {
			this.#loading = undefined;
		});
		return this.#loading;
	}

	/**
	 * Files were saved. Vite drops the modules that depend on them only after it has told every plugin, and what is loaded
	 * before that would be evaluated twice.
	 */
	async update({ modules, timestamp }: HotUpdateOptions): Promise<void> {
		const node = this.#node;
		if (node === undefined || !isAbove(node, modules)) return;
		for (let turn = 0; turn < maxTurns && node.lastHMRTimestamp < timestamp; turn += 1) {
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
		await this.load();
	}

	get #node(): EnvironmentModuleNode | undefined {
		return this.#ssr.moduleGraph.getModuleById(resolvedHookModule);
	}

	async #load(): Promise<void> {
		try {
			const module = await this.#ssr.runner.import<HookModule>(hookModule);
			if (module === this.#current) return;
			const { root } = this.#server.config;
			const hasFile = findFile(root, this.#context.websocket.entry) !== undefined;
			this.#use(hasFile ? module : undefined);
			this.#current = module;
			this.#solved();
		} catch (error) {
			this.#report(error);
		}
	}

	/** A hook file that comes or goes: what the module exports has to be found out again. */
	readonly #onFile = (path: string): void => {
		const { websocket, kit } = this.#context;
		const { root } = this.#server.config;
		if (![websocket.entry, kit.files.params].some((name) => isAppFile(root, name, path))) return;
		if (this.#node) this.#ssr.moduleGraph.invalidateModule(this.#node);
		void this.load();
	};

	#report(error: unknown): void {
		const { message, stack } = describe(error);
		if (this.#problem === message) return;
		this.#problem = message;
		const { config, environments } = this.#server;
		viteLog(config.logger).error('src/websocket cannot be used; sockets go on as before', error);
		environments.client.hot.send({ type: 'error', err: { message, stack } });
	}

	/** The pages that show the error take it away when something was updated. */
	#solved(): void {
		if (this.#problem === undefined) return;
		this.#problem = undefined;
		this.#server.environments.client.hot.send({ type: 'update', updates: [] });
	}
}

/** Whether a module imports one of these, directly or not. */
function isAbove(node: EnvironmentModuleNode, modules: EnvironmentModuleNode[]): boolean {
	const seen = new Set(modules);
	for (const each of seen) {
		for (const importer of each.importers) seen.add(importer);
	}
	return seen.has(node);
}

function describe(error: unknown): { message: string; stack: string } {
	if (error instanceof AdapterError) return { message: error.message, stack: '' };
	if (!(error instanceof Error)) return { message: String(error), stack: '' };
	return { message: error.message, stack: error.stack ?? '' };
}
