/** What is used of the package. */
export interface Nats {
	connect(options: object): Promise<NatsConnection>;
	headers(): NatsHeaders;
}

export interface NatsConnection {
	readonly info?: { readonly max_payload: number; readonly connect_urls?: readonly string[] };
	/** @returns when it is closed, and why if it was not asked to */
	closed(): Promise<unknown>;
	close(): Promise<void>;
	/** @returns when the server has answered */
	flush(): Promise<void>;
	publish(
		subject: string,
		data: Uint8Array,
		options?: { reply: string; headers?: NatsHeaders }
	): void;
	subscribe(subject: string, options: { callback: NatsListener }): NatsSubscription;
	status(): AsyncIterable<{ readonly type: string; readonly error?: unknown }>;
}

export interface NatsMessage {
	readonly subject: string;
	readonly data: Uint8Array;
	readonly headers?: NatsHeaders;
}

export interface NatsHeaders {
	/** Of a status, such as that there is nobody. */
	readonly code: number;
	/** Empty where there is none. */
	get(name: string): string;
	set(name: string, value: string): void;
}

export type NatsListener = (error: unknown, message: NatsMessage) => void;

export interface NatsSubscription {
	unsubscribe(): void;
}
