import type { badMessage, decode, encode, SocketData } from './codec.ts';
import type { ConnectionError } from './errors.ts';
import type { ConnectionOptions, Continuity, Gap, Present, RequestOptions } from './types.ts';

/** One connection, from its opening to its end. */
export interface Line {
	/** Frames may be sent, and those that come are no texts of the app; undefined until the server has said so, or not. */
	readonly isFramed: boolean | undefined;
	/** @returns false if it has ended */
	send(data: SocketData): boolean;
	/** Ask whether anybody is there. */
	ask(): void;
}

/** A request of the page. */
export interface Ticket {
	/** When it was made, on the clock of `performance`. */
	readonly at: number;
	readonly options: RequestOptions;
	resolve(answer: unknown): void;
	reject(reason: unknown): void;
}

/** What is shown of topics. */
export interface TopicView {
	/** Who is present, each once. */
	presence: readonly Present[];
	/** Whether what was published while there was no connection has come. */
	continuity: Continuity;
}

/**
 * What the part of the protocol that is loaded later uses of what every page has. It is handed over: what both of them import,
 * bundlers put into a file of its own, and every page would load that beside the other one.
 */
export interface Tools {
	readonly ConnectionError: typeof ConnectionError;
	readonly badMessage: typeof badMessage;
	readonly decode: typeof decode;
	readonly encode: typeof encode;
	// From `shared/protocol.ts`.
	frame(kind: string, ...fields: (string | number)[]): string;
	fieldsOf(text: string, count: number): string[];
	isFrame(data: unknown): data is string;
	readonly kinds: Readonly<Record<Kind, string>>;
	readonly maxResume: number;
	readonly positionSeparator: string;
}

type Kind =
	| 'request'
	| 'binaryRequest'
	| 'answer'
	| 'binaryAnswer'
	| 'failure'
	| 'topic'
	| 'left'
	| 'message'
	| 'binary'
	| 'passed'
	| 'presence'
	| 'refused'
	| 'resume'
	| 'missing';

/** What the protocol needs of its connection. */
export interface Host {
	readonly tools: Tools;
	readonly options: ConnectionOptions<unknown>;
	/** Run what is the app's. */
	run<T>(listeners: () => T): T;
	/** Of the two that there are while one takes the place of another, the newer. */
	isCurrent(line: Line): boolean;
	/** Whether what comes there is for the app: the connection was not left. */
	hears(line: Line): boolean;
	/** A message for the app, unless the connection was left. */
	receive(line: Line, data: unknown): void;
	/** What needs no more than every page knows. */
	receivePlainly(line: Line, data: unknown): void;
	/** What waits may be sent now. */
	flush(): void;
	/** It is not to be sent any more. */
	withdraw(ticket: Ticket): void;
	show(view: Partial<TopicView>): void;
	tell(type: 'gap', gap: Gap): boolean;
	tell(type: 'error', error: ConnectionError): boolean;
}

/** What becomes of a connection, or of all of them. */
export type LineEvent =
	/** The server has said whether it knows of frames. */
	| 'known'
	/** It has done what it does first. */
	| 'opened'
	| 'ended'
	/** For good, until somebody opens it. */
	| 'closed'
	/** The next one is somewhere else. */
	| 'moved';

/** All of the protocol but what every page needs. */
export interface Spoken {
	/** Something has come, in the order in which it did. */
	received(line: Line, data: unknown): void;
	tell(event: LineEvent, line: Line | undefined): void;
	/** Whether the next connection is to go on where the last one has ended. */
	resumes(): Promise<boolean>;
	/** What tells the server where that was. */
	resume(): string;
	/** Whether something is still to be answered there. */
	isAwaiting(line: Line): boolean;
	/** A request is about to be handed over. */
	ask(ticket: Ticket): void;
	/** It could not be. */
	refuse(ticket: Ticket, isClosed: boolean): void;
	/** @returns whether it need not wait any more */
	deliver(line: Line, ticket: Ticket, data: SocketData): boolean;
}
