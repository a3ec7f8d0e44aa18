/** What `src/params.ts` is for SvelteKit 3. */
export function match(param: string): boolean {
	return BigInt(param) >= 0n;
}
