import type { Log } from '../../log.ts';
import type { CreateBus } from '../bus.ts';
import { TopicBus } from '../topic-bus.ts';
import { Candidate } from './candidate.ts';
import { ClusterTransport } from './transport.ts';

export interface ClusterBusOptions {
	/** The path where the router listens. */
	readonly place: string;
	/** Nobody runs it: one of those who meet there does. */
	readonly isElected: boolean;
}

/** The bus between the workers of one machine. */
export function clusterBus({ place, isElected }: ClusterBusOptions, log: Log): CreateBus {
	return (options) => {
		const candidate = isElected ? new Candidate(place, options.process) : undefined;
		const transport = new ClusterTransport({
			process: options.process,
			place,
			...(candidate && { candidate })
		});
		return new TopicBus(transport, options, log);
	};
}
