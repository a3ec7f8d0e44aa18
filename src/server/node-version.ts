import process from 'node:process';
import { describeOldNode } from '../shared/node-version.ts';

/** To be called before anything else is loaded, which an old Node may not be able to. */
export function warnOfOldNode(version: string = process.versions.node): void {
	const warning = describeOldNode(version);
	if (warning !== undefined) console.warn(warning);
}
