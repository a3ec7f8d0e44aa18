import { Emitter } from './emitter.ts';
import type { TopicView } from './host.ts';
import { Inbox } from './inbox.ts';
import type { Page } from './page.ts';
import { anew, type ConnectionState } from './state.ts';
import type { ConnectionEvents, ConnectionOptions } from './types.ts';

type Events<In, Out> = ConnectionEvents<In, Out> & { state: undefined };

/** What a connection shows: where it stands, and what has come. */
export class Shown<In, Out> {
	protected readonly options: ConnectionOptions<In>;
	protected readonly events: Emitter<Events<In, Out>>;
	#state: ConnectionState;
	#inbox: Inbox<In>;
	#view: TopicView = { presence: [], continuity: 'live' };

	constructor({ run }: Page, options: ConnectionOptions<In>) {
		this.options = options;
		this.events = new Emitter(run);
		this.#inbox = new Inbox<In>(options, this.events);
		this.#state = anew((options.autoConnect ?? true) ? 'connecting' : 'closed');
	}

	get state(): ConnectionState {
		return this.#state;
	}

	/** The newest messages, up to `history` of them; a new array with every message that is kept. */
	get messages(): readonly In[] {
		return this.#inbox.messages;
	}

	/** What is known of the topics that it is on: an object, or a list, is new whenever it has changed. */
	get view(): TopicView {
		return this.#view;
	}

	/** What has come from where it is. */
	get inbox(): Pick<Inbox<In>, 'last' | 'count'> {
		return this.#inbox;
	}

	/** @returns stops it */
	on<Type extends keyof Events<In, Out>>(
		type: Type,
		listener: (event: Events<In, Out>[Type]) => void
	): () => void {
		return this.events.on(type, listener);
	}

	protected set(state: ConnectionState): void {
		this.#state = state;
		this.events.emit('state', undefined);
	}

	protected show(view: Partial<TopicView>): void {
		this.#view = { ...this.#view, ...view };
		this.events.emit('state', undefined);
	}

	protected receive(data: unknown): void {
		this.#inbox.receive(data);
	}

	/** What has come is forgotten, and nothing of it is told any more. */
	protected forget(): void {
		this.#inbox.end();
		this.#inbox = new Inbox<In>(this.options, this.events);
	}
}
