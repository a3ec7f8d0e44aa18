import { createHash } from 'node:crypto';

/** Bytes of a subject. A server takes a line of 4096 by default, on which more than the subject stands. */
const longest = 1024;

/** A channel as one token of a subject: readable, and whatever its characters mean to NATS. */
export function tokenOf(channel: string): string {
	const token = encodeURIComponent(channel.toWellFormed())
		.replaceAll(/[.*!'()~]/g, escape)
		.replaceAll(/%(2F|3A|3D|40|2C|2B)/g, decodeURIComponent);
	if (token === '') return '%';
	if (token.length <= longest) return token;
	return `%sha256:${createHash('sha256').update(channel).digest('hex')}`;
}

function escape(character: string): string {
	return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
