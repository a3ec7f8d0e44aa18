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
	publish(subject: string, data: Uint8Array): void;
	/** @param options `timeout` in milliseconds */
	request(
		subject: string,
		data: Uint8Array,
		options: { timeout: number; headers?: NatsHeaders }
	): Promise<NatsMessage>;
	subscribe(subject: string, options: { callback: NatsListener }): NatsSubscription;
	status(): AsyncIterable<{ readonly type: string; readonly error?: unknown }>;
}

export interface NatsMessage {
	readonly data: Uint8Array;
	readonly headers?: NatsHeaders;
}

export interface NatsHeaders {
	/** Empty where there is none. */
	get(name: string): string;
	set(name: string, value: string): void;
}

export type NatsListener = (error: unknown, message: { readonly data: Uint8Array }) => void;

export interface NatsSubscription {
	unsubscribe(): void;
}
