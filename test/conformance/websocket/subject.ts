import { fileURLToPath } from 'node:url';
import type { RunningApp } from '../../support/server.ts';

/** The app that the suites ask: see `fixtures/app/vite.config.ts` for what its variants are. */
export const appFolder = fileURLToPath(new URL('./fixtures/app', import.meta.url));

/** The app with other people's libraries. */
export const librariesFolder = fileURLToPath(new URL('../libraries/fixtures/app', import.meta.url));

export const variants = ['default', 'base', 'hash', 'single'] as const;

export type Variant = (typeof variants)[number];

/** A way to run an app. A new one's test file names it and calls the suites. */
export interface Subject {
	name: string;
	/** @param env on top of what the app needs to be reached over plain HTTP */
	run(variant: Variant, env?: Record<string, string>): Promise<RunningApp>;
	/** SvelteKit's major version. */
	kit: 2 | 3;
	/**
	 * It is the server of production. Only that one is asked for: the variables of a server behind a proxy (HOST_HEADER,
	 * PROTOCOL_HEADER, ADDRESS_HEADER, ORIGIN), pages of the pinned origin and no other, and its memory and timers, which
	 * in dev and preview are Vite's too.
	 */
	isProduction: boolean;
	endings: Endings;
}

/** How a socket ends after what a client must not do: a close code, or 1006 where the engine just cuts. */
export interface Endings {
	/** A frame that RFC 6455 does not allow. */
	protocolError: 1002 | 1006;
	/** Text that is not UTF-8. */
	invalidText: 1007 | 1006;
	/** A message above `maxPayload`. */
	tooBig: 1009 | 1006;
}
