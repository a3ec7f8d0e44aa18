import { linkSync, rmSync } from 'node:fs';
import process from 'node:process';
import { identifyFile, removeStaleFile } from '../../stale-file.ts';
import { besides, preparePlace } from './place.ts';
import { Router } from './router.ts';

/** Milliseconds between looks at whether the place is still ours. */
const watching = 500;

/**
 * A worker whose primary runs no router, and that does so itself where no other worker does. The first one that puts its socket
 * into the place has won; should two have got there by removing each other's, the one whose socket is not there any more
 * steps down.
 */
export class Candidate {
	readonly #place: string;
	/** The id of this process. */
	readonly #id: string;
	#router: Router | undefined;
	#isClosed = false;
	/** Our socket, while it is in the place. */
	#file: string | undefined;
	#timer: NodeJS.Timeout | undefined;
	/** What was in the place before somebody was called there. */
	#found: string | undefined;

	constructor(place: string, id: string) {
		this.#place = place;
		this.#id = id;
	}

	/** The one that it runs, while it is elected. */
	get router(): Router | undefined {
		return this.#router;
	}

	/** To be called before each attempt to connect. */
	look(): void {
		this.#found = identifyFile(this.#place, true);
	}

	/**
	 * To be called when nobody has answered there.
	 * @throws the system's error
	 */
	async stand(): Promise<void> {
		if (this.#router || this.#isClosed) return;
		preparePlace(this.#place);
		const router = new Router(this.#id);
		const isElected =
			process.platform === 'win32' ? await takeName(router, this.#place) : await this.#take(router);
		if (isElected) this.#router = router;
		else router.close();
		if (this.#isClosed) this.#stepDown();
	}

	/** Harmless when called twice. */
	close(): void {
		this.#isClosed = true;
		this.#stepDown();
	}

	#stepDown(): void {
		clearInterval(this.#timer);
		if (this.#file !== undefined && identifyFile(this.#place) === this.#file)
			rmSync(this.#place, { force: true });
		this.#file = undefined;
		this.#router?.close();
		this.#router = undefined;
	}

	/** It listens before it can be found: who finds a socket that refuses may take it for one that was left behind. */
	async #take(router: Router): Promise<boolean> {
		const own = besides(this.#place);
		await router.listen(own);
		const file = identifyFile(own);
		if (this.#found !== undefined) removeStaleFile(this.#place, this.#found);
		const isLinked = link(own, this.#place);
		rmSync(own, { force: true });
		if (isLinked) this.#watch(file);
		return isLinked;
	}

	#watch(file: string | undefined): void {
		this.#file = file;
		this.#timer = setInterval(() => {
			if (identifyFile(this.#place) !== file) this.#stepDown();
		}, watching).unref();
	}
}

/** @returns false if something is there */
function link(from: string, to: string): boolean {
	try {
		linkSync(from, to);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}

/** A pipe of Windows is gone with its process, and its name belongs to the first one. */
async function takeName(router: Router, place: string): Promise<boolean> {
	try {
		await router.listen(place);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
		throw error;
	}
}
