import type {
	CloseCause,
	Engine,
	EngineSocket,
	ListenOptions,
	SendResult,
	SocketData
} from '../../../src/server/engine/engine.ts';

/** An engine without a network that keeps what it is told. */
export class FakeEngine implements Engine {
	readonly name = 'fake';
	readonly description = 'a fake';
	readonly limits = { adoptsDescriptors: true, hasTimeouts: true };
	/** The methods that were called, in order. */
	readonly calls: string[] = [];
	readonly published: { topic: string; data: SocketData; compress: boolean }[] = [];

	listen(options: ListenOptions): Promise<ListenOptions> {
		this.calls.push('listen');
		return Promise.resolve(options);
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		this.published.push({ topic, data, compress });
	}

	subscribers(topic: string): number {
		return topic.length;
	}

	leaving = 0;

	stop(_patience?: number): Promise<void> {
		this.calls.push('stop');
		return Promise.resolve();
	}

	close(): void {
		this.calls.push('close');
	}
}

/** An open socket without a network that keeps what it is told. */
export class FakeSocket implements EngineSocket {
	readonly sent: { data: SocketData; compress: boolean }[] = [];
	readonly published: { topic: string; data: SocketData; compress: boolean }[] = [];
	readonly topics = new Set<string>();
	readonly closed: { code: number; reason: string }[] = [];
	/** What each ping has carried. */
	readonly pings: (Uint8Array | undefined)[] = [];
	terminated = 0;
	bufferedAmount = 0;
	dropped = 0;
	result: SendResult = 'sent';
	/** What the engine does when it is asked to close: nothing, as if the other end had not answered yet. */
	onClose: (code: number, reason: string, cause?: CloseCause) => void = () => {};

	send(data: SocketData, compress: boolean): SendResult {
		this.sent.push({ data, compress });
		return this.result;
	}

	publish(topic: string, data: SocketData, compress: boolean): void {
		this.published.push({ topic, data, compress });
	}

	subscribe(topic: string): void {
		this.topics.add(topic);
	}

	unsubscribe(topic: string): void {
		this.topics.delete(topic);
	}

	ping(data?: Uint8Array): void {
		this.pings.push(data);
	}

	close(code: number, reason: string, cause?: CloseCause): void {
		this.closed.push({ code, reason });
		this.onClose(code, reason, cause);
	}

	terminate(): void {
		this.terminated += 1;
	}
}
