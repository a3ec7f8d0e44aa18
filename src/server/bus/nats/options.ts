/** What is used of the package. */
export interface Nats {
	connect(options: object): Promise<NatsConnection>;
}

export interface NatsConnection {
	readonly info?: { readonly max_payload: number; readonly connect_urls?: readonly string[] };
	/** @returns when it is closed, and why if it was not asked to */
	closed(): Promise<unknown>;
	close(): Promise<void>;
	/** @returns when the server has answered */
	flush(): Promise<void>;
	publish(subject: string, data: Uint8Array): void;
	subscribe(subject: string, options: { callback: NatsListener }): NatsSubscription;
	status(): AsyncIterable<{ readonly type: string; readonly error?: unknown }>;
}

export type NatsListener = (error: unknown, message: { readonly data: Uint8Array }) => void;

export interface NatsSubscription {
	unsubscribe(): void;
}
