import { METHODS } from 'node:http';
import type { HostCheck } from '../host.ts';
import type { Exchange, HeaderPairs } from './engine.ts';

/** Headers that decide where a request ends: said twice, two servers in a row read two different requests. */
const single = ['host', 'content-length', 'transfer-encoding'];

/** What Node's parser knows; another server on the way may treat the rest in ways of its own. */
const methods = new Set(METHODS);

// RFC 9112, section 3.2: what is beyond has to be percent-encoded, and what follows a star would be taken for a host
const target = /^(?:\*$|[!-)+-~])[!-~]*$/;

/** Whose values decide. */
const judged = [...single, 'expect'];

/** The part of an exchange that is looked at. */
interface Asked extends Pick<Exchange, 'method' | 'target'> {
	/** At least those headers that `isJudged` names. */
	readonly judged: HeaderPairs;
}

type Refusal = 400 | 417 | undefined;

/**
 * The status of requests that must not reach the app, because another server on the way may have read them differently
 * (RFC 9112, sections 3, 5.1, 6.1 and 6.3). Engines let some of them through; `node:http` answers alike where it does not.
 */
export function refusalStatus(asked: Asked, hosts: HostCheck): Refusal {
	if (isBadTarget(asked)) return 400;
	const seen: string[] = [];
	for (const [name, value] of asked.judged) {
		if (name === '') return 400;
		const status = refuse(name, value, hosts);
		if (status !== undefined) return status;
		if (!single.includes(name)) continue;
		if (seen.includes(name)) return 400;
		seen.push(name);
	}
	return undefined;
}

/** Whether a header may be a reason to refuse its request. */
export function isJudged(name: string): boolean {
	return name === '' || judged.includes(name);
}

/** The same for an engine that joins repeated headers with commas: none of these may have one. */
export function joinedRefusalStatus(
	asked: Pick<Exchange, 'method' | 'target' | 'header'>,
	hosts: HostCheck
): Refusal {
	if (isBadTarget(asked)) return 400;
	for (const name of judged) {
		const value = asked.header(name);
		const status = value === undefined ? undefined : refuse(name, value, hosts);
		if (status !== undefined) return status;
	}
	return undefined;
}

function isBadTarget(asked: Pick<Exchange, 'method' | 'target'>): boolean {
	if (!methods.has(asked.method) || !target.test(asked.target)) return true;
	return asked.target === '*' && asked.method !== 'OPTIONS';
}

function refuse(name: string, value: string, hosts: HostCheck): Refusal {
	if (name === 'transfer-encoding' && value.toLowerCase() !== 'chunked') return 400;
	if (name === 'content-length' && !/^\d+$/.test(value)) return 400;
	// An empty one is that of a target without a host.
	if (name === 'host' && value !== '' && !hosts.passes(value)) return 400;
	return name === 'expect' && value.toLowerCase() !== '100-continue' ? 417 : undefined;
}
