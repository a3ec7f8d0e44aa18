import { Candidate } from '../../../src/server/bus/cluster/candidate.ts';
import { ownPlace, preparePlace } from '../../../src/server/bus/cluster/place.ts';
import { Router } from '../../../src/server/bus/cluster/router.ts';
import { ClusterTransport } from '../../../src/server/bus/cluster/transport.ts';
import { createLocalBus, LocalHub } from '../../../src/server/bus/local.ts';
import { TopicBus } from '../../../src/server/bus/topic-bus.ts';
import type { BusSubject } from './subject.ts';

/** Larger than what is carried, smaller than what is not. */
const maxFrame = 4 * 1024 * 1024;

export const local: BusSubject = {
	name: 'local',
	async start() {
		const hub = new LocalHub();
		return {
			create: (options, log) => createLocalBus(hub, options, log, maxFrame),
			listeners: async (topic) => hub.listeners(topic),
			breakConnection: async () => hub.interrupt(),
			restore: async () => hub.resume(),
			disturb: async (topic, bytes) => hub.publish(topic, bytes),
			[Symbol.asyncDispose]: async () => {}
		};
	}
};

/** Its router is with none of those who meet. */
export const cluster: BusSubject = {
	name: 'cluster',
	async start() {
		const place = ownPlace();
		preparePlace(place);
		let router = new Router();
		const open = async () => {
			router = new Router();
			await router.listen(place);
		};
		await open();
		return {
			create: (options, log) =>
				new TopicBus(new ClusterTransport({ process: options.process, place }), options, log),
			listeners: async (topic) => router.listeners(topic),
			breakConnection: async () => router.close(),
			restore: open,
			async disturb(topic, bytes) {
				const stranger = new ClusterTransport({ process: 'stranger', place });
				await stranger.open({ frame() {}, connected() {}, disconnected() {}, left() {} });
				stranger.publish(topic, bytes);
				await stranger.close();
			},
			[Symbol.asyncDispose]: async () => router.close()
		};
	}
};

/** The router with one of those who meet. */
export const elected: BusSubject = {
	name: 'cluster, elected',
	async start() {
		const place = ownPlace();
		const candidates: Candidate[] = [];
		return {
			create(options, log) {
				const candidate = new Candidate(place, options.process);
				candidates.push(candidate);
				const transport = new ClusterTransport({ process: options.process, place, candidate });
				return new TopicBus(transport, options, log);
			},
			listeners: async (topic) =>
				candidates.find(({ router }) => router)?.router?.listeners(topic) ?? 0,
			[Symbol.asyncDispose]: async () => {}
		};
	}
};
