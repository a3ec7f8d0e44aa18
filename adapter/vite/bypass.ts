import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ProxyOptions } from 'vite';

type Proxies = Record<string, string | ProxyOptions>;

/** An upgrade that a proxy has not decided on yet. */
interface Undecided {
	socket: Duplex;
	answer(): void;
}

/**
 * Hears what `bypass` of a proxy decides about an upgrade. Vite tells nobody: what is handed back, by a string that is its
 * new URL, it leaves open and unanswered, and so it does where `bypass` fails (`proxyMiddleware` there).
 */
export class Bypasses {
	readonly #undecided = new WeakMap<IncomingMessage, Undecided>();

	/** @param options of one of Vite's servers that has not begun to use its proxies */
	constructor(options: { proxy?: Proxies | undefined }) {
		if (options.proxy) options.proxy = this.#watchAll(options.proxy);
	}

	/**
	 * To be called before Vite has the upgrade.
	 * @param answer is called if it is handed back; then it has its new URL
	 */
	listen(req: IncomingMessage, socket: Duplex, answer: () => void): void {
		this.#undecided.set(req, { socket, answer });
	}

	#watchAll(proxies: Proxies): Proxies {
		const entries = Object.entries(proxies);
		return Object.fromEntries(entries.map(([context, proxy]) => [context, this.#watch(proxy)]));
	}

	#watch(options: string | ProxyOptions): string | ProxyOptions {
		// What is left out may stand there as undefined.
		if (!options || typeof options === 'string' || !options.bypass) return options;
		const { bypass } = options;
		return {
			...options,
			bypass: (req, res, given) => this.#hear(req, () => bypass.call(given, req, res, given))
		};
	}

	/** @returns what `decide` returns, as it is */
	#hear<Decision>(req: IncomingMessage, decide: () => Decision): Decision {
		const upgrade = this.#undecided.get(req);
		try {
			const decision = decide();
			void Promise.resolve(decision).then(
				(url) => handBack(req, upgrade, url),
				() => refuse(upgrade)
			);
			return decision;
		} catch (error) {
			refuse(upgrade);
			throw error;
		}
	}
}

function handBack(req: IncomingMessage, upgrade: Undecided | undefined, url: unknown): void {
	if (upgrade === undefined || typeof url !== 'string') return;
	req.url = url;
	upgrade.answer();
}

/** Vite says why. */
function refuse(upgrade: Undecided | undefined): void {
	upgrade?.socket.end(
		'HTTP/1.1 500 Internal Server Error\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'
	);
}
