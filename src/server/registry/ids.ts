import { randomBytes, randomUUID } from 'node:crypto';

/** 12 hexadecimal digits, by which this process is known to the others. */
export function createProcessId(): string {
	return randomBytes(6).toString('hex');
}

/**
 * The id of a peer, in which anybody can read where it is connected.
 * @param process 12 hexadecimal digits
 * @returns a UUID of version 8 (RFC 9562, section 5.8) that begins with them
 */
export function createId(process: string): string {
	const id = `${process.slice(0, 8)}-${process.slice(8)}-8${randomUUID().slice(15)}`;
	// It is made of many pieces, which would take several hundred bytes for good; in lower case, as it is, it is made one.
	return id.toLowerCase();
}

const peerId = /^([\da-f]{8})-([\da-f]{4})-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** @returns the process of a peer; undefined for what is no id */
export function processOf(id: string): string | undefined {
	const found = peerId.exec(id);
	return found === null ? undefined : `${found[1]}${found[2]}`;
}
