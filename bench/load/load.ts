/** What clients do with a server. */
export interface Load {
	/** @returns when everything is there that has to be before it can begin, such as a thousand sockets */
	open(port: number): Promise<OpenLoad>;
}

export interface OpenLoad {
	/** Go on for so many seconds, and until the last answer is there. @returns how often it was done */
	run(seconds: number): Promise<number>;
	close(): void;
}
