import type { BusData } from './bus.ts';

/** The other processes that serve the same app, as far as this one knows of them. */
export interface Processes {
	/** This process: 12 hexadecimal digits. */
	readonly id: string;
	/** Those that were heard of lately. */
	readonly others: ReadonlySet<string>;
	/** To one process; lost if it is gone. What one process tells another comes in order. */
	tell(process: string, kind: number, data: BusData): void;
	/** To every other process. */
	tellAll(kind: number, data: BusData): void;
	/** @param text what its signs of life say, for who listens to `kinds.hello` */
	greetWith(text: () => string): void;
	/** @param listener the only one for this kind */
	listen(kind: number, listener: (data: BusData, sender: string) => void): void;
	/** @returns stops it */
	onLeft(listener: (process: string) => void): () => void;
}
