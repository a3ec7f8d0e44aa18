import { fieldsOf, maxResume } from '../../shared/protocol.ts';

/**
 * The positions of a `resume`, by what stands for their topic. Of what is none, nothing is said: a client that has no
 * position gets what is published from now on.
 */
export function readPositions(text: string): ReadonlyMap<string, string> {
	const positions = new Map<string, string>();
	if (Buffer.byteLength(text) > maxResume) return positions;
	for (const position of parse(fieldsOf(text, 1)[0] ?? '')) {
		if (typeof position !== 'string') continue;
		const dot = position.indexOf('.');
		if (dot > 0) positions.set(position.slice(0, dot), position);
	}
	return positions;
}

function parse(json: string): readonly unknown[] {
	try {
		const positions: unknown = JSON.parse(json);
		return Array.isArray(positions) ? positions : [];
	} catch {
		return [];
	}
}
