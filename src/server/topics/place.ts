/** What the parts of a kept topic have in common, and what they need of the registry. */
import type { Entry, TopicLog } from '../bus/topic-log.ts';
import type { SocketData } from '../engine/engine.ts';
import type { Attendance, Follower } from '../socket/kept-topic.ts';

/** A topic of which something is kept, as it is called. */
export interface TopicPlace {
	readonly name: string;
	/** Stands for it in frames. */
	readonly number: number;
	/** The topic of the engine on which own clients get frames. */
	readonly framesTopic: string;
}

/** The ways out of a topic. */
export interface TopicHub {
	/** To everyone on a topic of the engine. */
	publish(engineTopic: string, data: SocketData, compress: boolean): void;
	/** To those who wait for messages of the topic and are no peers. */
	feed(topic: string, data: SocketData): void;
	/** What was published here, to the other processes, if there are any. */
	tellOthers(topic: string, data: SocketData, compress: boolean): void;
	/** The same, with the number that the log has given it. */
	tellOthersNumbered(topic: string, epoch: string, entry: Entry): void;
	/** Hear of the topic from other processes, for as long as something is kept here. Counted. */
	listen(topic: string): void;
	unlisten(topic: string): void;
	/** The one place that numbers for all processes; absent where each process does. */
	readonly log: TopicLog | undefined;
	warn(what: string, reason: unknown): void;
}

/** Keeps who is present. */
export interface PresenceKeeper {
	/** A follower has come to a topic that keeps who is there, or says anew how it is seen. */
	come(place: TopicPlace, follower: Follower, attendance: Attendance | undefined): void;
	/** It is on `framesTopic` from now on, and knows the number: now it can be told who is there. To own clients only. */
	welcome(place: TopicPlace, follower: Follower): void;
	/** Harmless for one that is not known. */
	leave(place: TopicPlace, follower: Follower, hasEnded: boolean): void;
}
