/** What `src/params.ts` is for SvelteKit 3. Types forbid that; SvelteKit 2 takes it for a yes, and forgets it. */
export const match = (async (param: string) => BigInt(param) >= 0n) as unknown as (
	param: string
) => boolean;
