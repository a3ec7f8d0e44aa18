/** Where one-time keys are used, relative to `paths.base`. */
export const keyPath = '/_/connect/';

/** A key as this or another process makes it, which stands in front. */
export const keyPattern = /^([0-9a-f]{12})[\w-]{43}$/;

/** What stands in the place of a key wherever it is not used. */
export const hiddenKey = 'key';

/** The target of a request, as those may see it who need no key. */
export function withoutKey(target: string): string {
	const index = target.indexOf(keyPath);
	if (index === -1) return target;
	const start = index + keyPath.length;
	return target.slice(0, start) + target.slice(start).replace(/^[^?#]*/, hiddenKey);
}
