import { steadyTime } from '../bus/history.ts';
import type { Entry, HistoryLimits, LogPosition, NewEntry } from '../bus/topic-log.ts';
import type { SocketData } from '../engine/engine.ts';
import type { Follower } from '../socket/kept-topic.ts';
import type { LogAccess } from './log-access.ts';
import type { Memory, MemoryEvents } from './memory.ts';
import type { TopicHub } from './place.ts';
import { Stay } from './stay.ts';

/** Later than any: whoever asks for what is after it wants to know where the topic stands. */
const end = 2 ** 40;

/** A topic that one place numbers for all processes. What it remembers is known here only while somebody is here for it. */
export class SharedMemory implements Memory {
	readonly listens = false;
	readonly #topic: string;
	readonly #hub: TopicHub;
	readonly #access: LogAccess;
	readonly #events: MemoryEvents;
	#limits: HistoryLimits;
	/** Absent while nobody is here for it. */
	#stay: Stay | undefined;
	/** What waits until it is known what was published before it. */
	#held: { entry: NewEntry; sender: Follower | undefined }[] = [];
	#underWay = 0;
	/** When everything that is under way has arrived. */
	settled: Promise<unknown> = Promise.resolve();

	constructor(
		topic: string,
		limits: HistoryLimits,
		hub: TopicHub,
		access: LogAccess,
		events: MemoryEvents
	) {
		this.#topic = topic;
		this.#limits = limits;
		this.#hub = hub;
		this.#access = access;
		this.#events = events;
	}

	get history(): Stay['history'] {
		return this.#stay?.history;
	}

	set limits(limits: HistoryLimits) {
		this.#limits = limits;
		if (this.history) this.history.limits = limits;
	}

	publish({ data, compress, author }: NewEntry, sender: Follower | undefined): void {
		const own = typeof data === 'string' ? data : new Uint8Array(data);
		const entry = { data: own, compress, author };
		if (this.#stay?.isBeginning) this.#held.push({ entry, sender });
		else this.#append(entry, sender);
	}

	/** The one who has published it could not reach the log. */
	receive(data: SocketData, compress: boolean): void {
		if (this.#stay) this.#events.pass(data, compress, undefined);
	}

	receiveNumbered(epoch: string, { data, ...entry }: Omit<Entry, 'time'>): void {
		const own = typeof data === 'string' ? data : new Uint8Array(data);
		this.#stay?.take({ epoch, entry: { ...entry, data: own, time: steadyTime() } });
	}

	wake(): void {
		const settled = this.settled;
		this.#stay = new Stay({
			read: async (after) => {
				// What was published before somebody came is not for him.
				await settled;
				return this.#access.read(this.#topic, after, this.#limits);
			},
			limits: () => this.#limits,
			events: this.#events,
			onBegun: () => this.#release()
		});
		this.#stay.begin();
	}

	sleep(): void {
		this.#stay?.end();
		this.#stay = undefined;
		this.#release();
	}

	refresh(): true {
		this.#stay?.readNow();
		return true;
	}

	tick(): void {
		this.#stay?.tick();
	}

	rejoin(): void {
		this.#stay?.readSoon();
	}

	async position(): Promise<LogPosition> {
		await this.settled;
		const after = this.history?.last ?? end;
		const { epoch, last } = await this.#access.read(this.#topic, after, this.#limits);
		return { epoch, offset: last };
	}

	get isForgettable(): boolean {
		return this.#underWay === 0;
	}

	stop(): void {
		this.sleep();
	}

	#release(): void {
		for (const { entry, sender } of this.#held.splice(0)) this.#append(entry, sender);
	}

	#append(entry: NewEntry, sender: Follower | undefined): void {
		this.#underWay += 1;
		const arrived = this.#access
			.append(this.#topic, entry, this.#limits)
			.then(
				({ epoch, offset }) => {
					const numbered = { ...entry, offset, time: steadyTime() };
					this.#hub.tellOthersNumbered(this.#topic, epoch, numbered);
					this.#stay?.take({ epoch, entry: numbered, sender });
				},
				() => {
					this.#hub.tellOthers(this.#topic, entry.data, entry.compress);
					this.#events.pass(entry.data, entry.compress, sender);
				}
			)
			.finally(() => {
				this.#underWay -= 1;
			});
		this.settled = Promise.all([this.settled, arrived]);
	}
}
