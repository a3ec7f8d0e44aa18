import type { Builder } from '@sveltejs/kit';
import { expect, it } from 'vitest';
import { isBuilder2, toBuilder } from '../../../adapter/kit2.ts';
import { resolveOptions } from '../../../adapter/options.ts';

it('leaves the builder of SvelteKit 3 as it is', async () => {
	const builder = { generateServerInstance: () => {} } as unknown as Builder;
	expect(isBuilder2(builder)).toBe(false);
	expect(await toBuilder(builder, resolveOptions({}))).toBe(builder);
});
