/**
 * Run effects for as long as the component lives that is being made, or the effect that is running. Outside of both, as at
 * the top of a module or in an event handler, they live as long as the page. Nothing runs on the server.
 * @returns ends them, where nothing else does
 */
export function runInLifetime(effects: () => void): (() => void) | undefined {
	try {
		effects();
		return undefined;
	} catch (error) {
		// The first of them has said so.
		if (!isOrphan(error)) throw error;
		return $effect.root(effects);
	}
}

/** Svelte says so by this address, in production by nothing else. */
function isOrphan(error: unknown): boolean {
	return error instanceof Error && error.message.includes('effect_orphan');
}
