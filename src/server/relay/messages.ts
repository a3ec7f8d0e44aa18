import type { AcceptHead, CloseCause, HeaderPairs, ResponseHead } from '../engine/engine.ts';
import { toText } from './pieces.ts';

/** A request as its outpost has received it. */
export interface Asked {
	/** An upgrade, or a probe of one. */
	readonly isProbe: boolean;
	readonly method: string;
	readonly target: string;
	readonly headers: HeaderPairs;
	readonly address: string;
}

/** The head of an answer. */
export interface Answered extends ResponseHead {
	headers: [string, string][];
	/** `none` follows; `whole`: bytes, to be sent with their length; `stream`: bytes, to be sent as they come. */
	body: 'none' | 'whole' | 'stream';
}

/** The head of a 101. */
export interface Accepted extends AcceptHead {
	headers: [string, string][];
}

/** How a socket has ended, or is to end. */
export interface Ended {
	code: number;
	reason: string;
	cause?: CloseCause | undefined;
}

type Fields = Record<string, unknown>;

export function encodeMessage(message: Asked | Answered | Accepted | Ended): Uint8Array {
	return Buffer.from(JSON.stringify(message));
}

/** @returns undefined for what is none, as all of these do */
export function decodeAsked(payload: Uint8Array): Asked | undefined {
	const fields = parse(payload);
	const { isProbe, method, target, headers, address } = fields;
	if (typeof isProbe !== 'boolean' || typeof method !== 'string') return undefined;
	if (typeof target !== 'string' || typeof address !== 'string') return undefined;
	return isPairs(headers) ? { isProbe, method, target, headers, address } : undefined;
}

export function decodeAnswered(payload: Uint8Array): Answered | undefined {
	const { status, headers, body } = parse(payload);
	if (!isStatus(status) || !isPairs(headers)) return undefined;
	if (body !== 'none' && body !== 'whole' && body !== 'stream') return undefined;
	return { status, headers, body };
}

export function decodeAccepted(payload: Uint8Array): Accepted | undefined {
	const { headers, protocol } = parse(payload);
	if (!isPairs(headers)) return undefined;
	if (protocol === undefined) return { headers };
	return typeof protocol === 'string' ? { headers, protocol } : undefined;
}

export function decodeEnded(payload: Uint8Array): Ended | undefined {
	const { code, reason, cause } = parse(payload);
	if (!Number.isInteger(code) || typeof reason !== 'string') return undefined;
	return { code: Number(code), reason, cause: isCause(cause) ? cause : undefined };
}

function parse(payload: Uint8Array): Fields {
	try {
		const value: unknown = JSON.parse(toText(payload));
		return typeof value === 'object' && value !== null ? { ...value } : {};
	} catch {
		return {};
	}
}

function isPairs(value: unknown): value is [string, string][] {
	return Array.isArray(value) && value.every(isPair);
}

function isPair(value: unknown): boolean {
	return (
		Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'string')
	);
}

function isStatus(value: unknown): value is number {
	return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;
}

const causes: readonly unknown[] = [
	'too_big',
	'invalid',
	'idle',
	'backpressure'
] satisfies CloseCause[];

function isCause(value: unknown): value is CloseCause {
	return causes.includes(value);
}
