import { sentence } from './errors.ts';

/** The oldest Node that this package is tested on, and SvelteKit 3 runs on. */
const oldest = [22, 17] as const;

/** What to say about a Node that is too old; undefined for one that is not. */
export function describeOldNode(version: string): string | undefined {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined;
	return sentence(
		'This Node is older than what is supported',
		version,
		`Build the app and run it with Node ${oldest.join('.')} or newer.`
	);
}
