/**
 * Run an effect for as long as the component lives that is being made, or the effect that is running. Outside of both, as at
 * the top of a module or in an event handler, it lives as long as the page. Nothing runs on the server.
 */
export function runInLifetime(effect: () => void | (() => void)): void {
	try {
		$effect(effect);
	} catch (error) {
		if (!isOrphan(error)) throw error;
		$effect.root(() => {
			$effect(effect);
		});
	}
}

/** Svelte says so by this address, in production by nothing else. */
function isOrphan(error: unknown): boolean {
	return error instanceof Error && error.message.includes('effect_orphan');
}
