/** What a broker uses for messages, in microseconds of processor time. */
export interface BrokerCost {
	/** To take one. */
	message: number;
	/** To hand it to each process that listens. */
	listener: number;
}

/**
 * From what a message has cost with one process that listens, and with three.
 * @returns undefined where more of them seem to cost nothing more: it was not measured well enough
 */
export function brokerCost(one: number, three: number): BrokerCost | undefined {
	const listener = (three - one) / 2;
	return listener > 0 ? { message: Math.max(0, one - listener), listener } : undefined;
}

/** @returns messages a second that one core of the broker carries where so many processes hear each of them */
export function mostMessages({ message, listener }: BrokerCost, listeners: number): number {
	return 1_000_000 / (message + listener * listeners);
}

/** @returns on how many of these processes somebody is, on average, if so many sockets are spread by chance */
export function processesWithSomebody(processes: number, sockets: number): number {
	return processes * (1 - (1 - 1 / processes) ** sockets);
}
