import type { StandardSchemaV1 } from '@standard-schema/spec';
import { AdapterError, blaming } from '../../shared/errors.ts';
import { isThenable } from '../../shared/thenable.ts';
import type { EngineSocket, SendResult } from '../engine/engine.ts';
import { summaryOf } from './incoming.ts';
import type { PublishOptions, SendOptions } from './peer-hub.ts';
import { Peer } from './peer.ts';
import type { SessionOptions, SessionStart } from './session-options.ts';

type Identity = SessionStart['identity'];

/** The peer of a session. */
export function createPeer(
	socket: EngineSocket,
	identity: Identity,
	options: SessionOptions
): Peer {
	const { checksOutgoing, registry } = options.settings;
	if (checksOutgoing) return new CheckedPeer(socket, identity, options);
	return new Peer(socket, registry, identity);
}

/** A peer in dev: what it is sent, and sends to others, has to be what the schema `outgoing` of its path describes. */
class CheckedPeer extends Peer {
	readonly #options: SessionOptions;

	constructor(socket: EngineSocket, identity: Identity, options: SessionOptions) {
		super(socket, options.settings.registry, identity);
		this.#options = options;
	}

	override send(value: unknown, options?: SendOptions): SendResult {
		return blaming(CheckedPeer.prototype.send, () => {
			this.#check(value);
			return super.send(value, options);
		});
	}

	override publish(topic: string, value: unknown, options?: PublishOptions): void {
		blaming(CheckedPeer.prototype.publish, () => {
			this.#check(value);
			super.publish(topic, value, options);
		});
	}

	/** @throws {AdapterError} `bad_value`; of a schema that takes its time the log tells */
	#check(value: unknown): void {
		const { route, settings } = this.#options;
		const { outgoing } = route.handler;
		if (outgoing === undefined) return;
		const judge = ({ issues }: StandardSchemaV1.Result<unknown>) => {
			if (issues !== undefined) throw refused(route.id, issues);
		};
		const result = outgoing['~standard'].validate(value);
		if (!isThenable(result)) return judge(result);
		const tell = (error: unknown) => settings.log.error('A peer was sent something else', error);
		void Promise.resolve(result).then(judge).catch(tell);
	}
}

function refused(path: string, issues: readonly StandardSchemaV1.Issue[]): AdapterError {
	return new AdapterError('bad_value', {
		what: 'What is sent is refused by the schema outgoing of its path',
		value: `${path}: ${summaryOf(issues)}`,
		todo: 'Send what the schema describes, or let it allow this. It is asked in dev only.',
		cause: issues
	});
}
