import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Claim } from './claim.ts';
import {
	Doorway,
	wantsSocket,
	type Guest,
	type UpgradableServer,
	type Upgrade
} from './doorway.ts';
import { SocketGroup } from './group.ts';
import { answerAsRequest } from './upgrade.ts';

/** Others who want upgrades, and do not listen at the server. */
export interface Backstage {
	/** Whether there are any. */
	readonly takesUpgrades: boolean;
	upgrade(...upgrade: Upgrade): void;
}

/** What is known of a server's upgrades. */
export interface Neighbourhood {
	/**
	 * Whether a socket of ours is at the target of a request: `surely` at a path with a name that the app gave it, `perhaps` at
	 * one of any paths that the app takes.
	 */
	isAt(target: string): 'surely' | 'perhaps' | undefined;
	/** Resolves when `isAt` can tell, and never rejects. Default: it always can. */
	ready?(): Promise<void>;
	/** Whether an upgrade is known to be somebody else's. Default: none is. */
	isLeft?(req: IncomingMessage): boolean;
	/** `answer` is to be called if what is left is handed back after all. */
	leave?(req: IncomingMessage, socket: Socket, answer: () => void): void;
	/** Where others may be who are not at the server itself. Asked when it is ready. */
	stage?(): Backstage | undefined;
	/** How many listeners the server has that take nothing but what `isLeft` knows. Default: 0. */
	known?: number;
}

export interface AttachOptions extends Neighbourhood {
	/** This is for us to answer. */
	take(...upgrade: [...Upgrade, group: SocketGroup]): void;
	/** Something went wrong; the connection was cut. */
	error(error: unknown): void;
}

/**
 * Takes upgrades on a server of somebody else, beside whoever else takes some there: what is surely ours at once, what nobody
 * wants after a while.
 */
export class Attachment implements Guest {
	readonly group = new SocketGroup();
	readonly known: number;
	readonly #server: UpgradableServer;
	readonly #options: AttachOptions;
	#isDetached = false;

	constructor(server: UpgradableServer, options: AttachOptions) {
		this.#server = server;
		this.#options = options;
		this.known = options.known ?? 0;
		server.on('upgrade', this.#listener);
		Doorway.of(server).add(this);
	}

	/** Take no more of them. Harmless when called twice. */
	detach(): void {
		if (this.#isDetached) return;
		this.#isDetached = true;
		this.#server.off('upgrade', this.#listener);
		Doorway.of(this.#server).delete(this);
	}

	takeAtOnce(...[req, socket, head]: Upgrade): boolean {
		const { isAt, isLeft, ready } = this.#options;
		if (!wantsSocket(req) || isAt(req.url ?? '/') !== 'surely' || isLeft?.(req)) return false;
		survive(socket);
		if (ready)
			this.#guard(
				socket,
				ready().then(() => this.#take(req, socket, head))
			);
		else this.#take(req, socket, head);
		return true;
	}

	readonly #listener = (...[req, socket, head]: Upgrade): void => {
		const { isLeft, leave } = this.#options;
		survive(socket);
		const answer = () => this.#guard(socket, this.#offer(req, socket, head));
		if (isLeft?.(req)) leave?.(req, socket, answer);
		else answer();
	};

	/** Every other listener may have it first. */
	async #offer(...[req, socket, head]: Upgrade): Promise<void> {
		const claim = new Claim(socket);
		await this.#options.ready?.();
		if (claim.isTaken) return;
		if (wantsSocket(req)) this.#options.stage?.()?.upgrade(req, socket, head);
		if (claim.isTaken || (this.#mayWait(req) && (await claim.isTakenInTime()))) return;
		// What nobody else wants: `reroute` may lead to a socket, else it is answered 404.
		this.#take(req, socket, head);
	}

	#take(...[req, socket, head]: Upgrade): void {
		if (this.#isDetached) socket.destroy();
		else if (wantsSocket(req)) this.#options.take(req, socket, head, this.group);
		else answerAsRequest(this.#server, req, socket);
	}

	/** Somebody else may take it in a while. What is no WebSocket has been taken by now, or is left to whoever answers requests. */
	#mayWait(req: IncomingMessage): boolean {
		const hasOthers =
			this.#server.listenerCount('upgrade') > this.known + 1 ||
			this.#options.stage?.()?.takesUpgrades === true;
		return hasOthers && wantsSocket(req) && this.#options.isAt(req.url ?? '/') === undefined;
	}

	#guard(socket: Socket, work: Promise<void>): void {
		work.catch((error: unknown) => {
			this.#options.error(error);
			socket.destroy();
		});
	}
}

/** Until somebody listens an error of the connection would end the process. */
function survive(socket: Socket): void {
	socket.on('error', () => {});
}
