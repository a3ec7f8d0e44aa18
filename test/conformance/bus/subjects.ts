import { createLocalBus, LocalHub } from '../../../src/server/bus/local.ts';
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
