import type { SocketData } from '../engine/engine.ts';
import type { KeptTopic } from '../socket/kept-topic.ts';
import type { PublishOptions } from '../socket/peer-hub.ts';
import type { Peer } from '../socket/peer.ts';
import type { SessionHub } from '../socket/session-options.ts';
import { KeptTopics } from '../topics/kept-topics.ts';
import { Presences } from '../topics/presences.ts';
import { Here } from './here.ts';
import { createProcessId } from './ids.ts';
import type { Others } from './others.ts';
import { Publishing } from './publishing.ts';
import { TopicWays } from './topic-ways.ts';

/** Where sessions tell of their peers, and peers of what they do. */
export class Hub implements SessionHub {
	/** This process, among all that serve the app: 12 hexadecimal digits. */
	readonly process = createProcessId();
	/** Absent where this process is the only one. */
	protected others: Others | undefined;
	protected readonly here: Here = new Here(
		this.process,
		{
			subscribe: (topic) => {
				this.joined(topic);
				this.topics.get(topic)?.heed();
			},
			unsubscribe: (topic) => {
				this.parted(topic);
				this.topics.find(topic)?.ignore();
			}
		},
		(topic) => this.topics.find(topic)?.size
	);
	protected readonly presences = new Presences(
		this.process,
		(engineTopic, frame) => void this.here.engine?.publish(engineTopic, frame, false)
	);
	protected readonly topics = new KeptTopics(
		new TopicWays(this.here, () => this.others),
		this.presences
	);
	protected readonly publishing = new Publishing({
		here: this.here,
		others: () => this.others,
		kept: (topic) => this.kept(topic)
	});

	add(peer: Peer): void {
		this.here.peers.add(peer);
	}

	remove(peer: Peer): void {
		if (!this.here.peers.remove(peer)) return;
		for (const topic of peer.topics) {
			this.topics.find(topic)?.unsubscribe(peer, true);
			this.others?.unsubscribe(topic);
		}
		this.topics.left(peer);
	}

	drained(peer: Peer): void {
		this.topics.drained(peer, peer.topics);
		for (const topic of peer.topics) this.presences.drained(topic, peer);
	}

	identify(peer: Peer): string {
		return this.here.peers.identify(peer);
	}

	joined(topic: string): void {
		this.others?.subscribe(topic);
	}

	parted(topic: string): void {
		this.others?.unsubscribe(topic);
	}

	kept(topic: string): KeptTopic | undefined {
		return this.topics.get(topic);
	}

	publishFrom(peer: Peer, topic: string, data: SocketData, options: PublishOptions): void {
		this.publishing.publish(topic, data, options, peer);
	}

	published(topic: string, data: SocketData, compress: boolean): void {
		this.here.feed(topic, data);
		this.others?.publish(topic, data, compress);
	}
}
