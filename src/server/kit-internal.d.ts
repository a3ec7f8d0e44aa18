/** Kit exports this for adapters-node-like code without declaring it: `src/exports/internal/shared.js`. */
declare module '@sveltejs/kit/internal' {
	export class SvelteKitError extends Error {
		constructor(status: number, text: string, message: string);
	}
}
