import type { Bus, BusOptions } from '../../../src/server/bus/bus.ts';
import type { Log } from '../../../src/server/log.ts';

/** A bus that the suite is about. */
export interface BusSubject {
	readonly name: string;
	/** Numbers of topics that remember begin anew when the broker was away. */
	readonly isForgetful: boolean;
	/** A place of its own where buses meet: a broker, or what stands for one. */
	start(): Promise<Meeting>;
}

export interface Meeting extends AsyncDisposable {
	/** A bus that was not opened. */
	create(options: BusOptions, log: Log): Bus | Promise<Bus>;
	/** How many listen on a topic, as the broker sees it. */
	listeners(topic: string): Promise<number>;
	/** Every connection breaks, and none can be had until `restore`. Not there where nothing lies between the buses that could break. */
	breakConnection?(): Promise<void>;
	restore?(): Promise<void>;
	/** From now on the broker keeps connections, and does nothing. */
	hang?(): void;
	/** It goes on. */
	wake?(): void;
	/** Bytes that are no frame, sent on a topic by somebody else. */
	disturb?(topic: string, bytes: Uint8Array): Promise<void>;
}
