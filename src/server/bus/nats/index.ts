import type { BrokerAddress } from '../broker/address.ts';
import type { Broker, Link, LinkEvents } from '../broker/link.ts';
import { Inbox } from './inbox.ts';
import { JetStream } from './jetstream.ts';
import { NatsLog } from './log.ts';
import type { Nats, NatsConnection, NatsListener, NatsSubscription } from './options.ts';
import { findAwake, type Place } from './probe.ts';
import { allSubjects, type KnownStreams } from './streams.ts';
import { sweepNowAndThen } from './sweep.ts';
import { tokenOf } from './subject.ts';

/** Bytes: what a server takes by default, and what a message has beside the data. */
const defaultPayload = 1024 * 1024;

/**
 * NATS. What topics remember is kept by JetStream, where there is some.
 * @param prefix the first token of every subject
 */
export function createNatsBroker(nats: Nats, address: BrokerAddress, prefix: string): Broker {
	const description = `nats at ${address.places}`;
	const known: KnownStreams = new Map();
	/** Servers that one has told of: those of `BUS_URL` may be gone by now. Over TLS their certificates are for other names. */
	let others: readonly Place[] = [];
	const connect = async (events: LinkEvents, signal: AbortSignal): Promise<Link> => {
		const place = await findAwake([...placesOf(address), ...others], signal);
		const connection = await nats.connect(connectionOptions(address, place));
		signal.addEventListener('abort', () => void connection.close());
		if (signal.aborted) void connection.close();
		connection
			.closed()
			.then((reason) => events.lost(reason ?? new Error('The connection is closed')), events.lost);
		others = address.isEncrypted ? [] : (connection.info?.connect_urls ?? []).map(placeOf);
		const maxPayload = connection.info?.max_payload ?? defaultPayload;
		const inbox = new Inbox(connection);
		void watchStatus(connection, inbox, events);
		const jetStream = new JetStream(nats, inbox, description);
		const log = new NatsLog(jetStream, { prefix, known, maxPayload });
		sweepNowAndThen(jetStream, allSubjects(prefix), signal, known);
		return new NatsLink(connection, tokenOf(prefix), log, events);
	};
	return { name: 'nats', description, hasLog: true, maxFrame: defaultPayload, connect };
}

function placesOf({ urls }: BrokerAddress): Place[] {
	return urls.map(({ hostname, port }) => ({
		host: hostname.replace(/^\[|\]$/g, ''),
		port: Number(port || 4222)
	}));
}

/** @param url `host:port` */
function placeOf(url: string): Place {
	const at = url.lastIndexOf(':');
	return { host: url.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(url.slice(at + 1)) };
}

function connectionOptions({ urls, isEncrypted }: BrokerAddress, { host, port }: Place): object {
	const [{ username, password } = new URL('nats://')] = urls;
	const [user, pass] = [username, password].map(decodeURIComponent);
	return {
		servers: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
		...(pass ? { user: user ?? '', pass } : user ? { token: user } : {}),
		...(isEncrypted ? { tls: {} } : {}),
		name: 'svelte-adapter-ws',
		noEcho: true,
		// A link ends when its connection does.
		reconnect: false,
		timeout: 5000
	};
}

/** What the server says besides, for example that a user may not publish. */
async function watchStatus(
	connection: NatsConnection,
	inbox: Inbox,
	events: LinkEvents
): Promise<void> {
	for await (const status of connection.status()) {
		if (status.type !== 'error') continue;
		inbox.refused(status.error);
		if (!isOfLog(status.error)) events.refused(status.error);
	}
}

/** Whoever asks what a topic remembers hears of it. */
function isOfLog(error: unknown): boolean {
	const { subject } = error as { subject?: string };
	return /^(\$JS\.|_INBOX\.|[^.]+\.log\.)/.test(subject ?? '');
}

class NatsLink implements Link {
	readonly log: NatsLog;
	readonly #connection: NatsConnection;
	readonly #prefix: string;
	readonly #events: LinkEvents;
	readonly #subscriptions = new Map<string, NatsSubscription>();
	/** What was published since the server was last asked whether it has everything. */
	#flushed: Promise<void> | undefined;

	constructor(connection: NatsConnection, prefix: string, log: NatsLog, events: LinkEvents) {
		this.log = log;
		this.#connection = connection;
		this.#prefix = prefix;
		this.#events = events;
	}

	get maxFrame(): number {
		return this.#connection.info?.max_payload ?? defaultPayload;
	}

	publish(channel: string, frame: Uint8Array): Promise<void> {
		try {
			this.#connection.publish(this.#subjectOf(channel), frame);
		} catch (error) {
			this.#events.refused(error);
		}
		return (this.#flushed ??= this.#flush());
	}

	subscribe(channels: readonly string[]): void {
		for (const channel of channels) {
			const callback: NatsListener = (error, { data }) => {
				if (error) this.#events.refused(error);
				else this.#events.frame(channel, data);
			};
			const subject = this.#subjectOf(channel);
			this.#subscriptions.set(channel, this.#connection.subscribe(subject, { callback }));
		}
	}

	unsubscribe(channels: readonly string[]): void {
		for (const channel of channels) {
			this.#subscriptions.get(channel)?.unsubscribe();
			this.#subscriptions.delete(channel);
		}
	}

	async ping(): Promise<void> {
		await this.#connection.flush();
	}

	/** One question at a time, for everything that is published until it is asked. */
	async #flush(): Promise<void> {
		await new Promise((resolve) => setImmediate(resolve));
		this.#flushed = undefined;
		await this.#connection.flush();
	}

	#subjectOf(channel: string): string {
		return `${this.#prefix}.${tokenOf(channel)}`;
	}
}
