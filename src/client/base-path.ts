/** Vite puts `paths.base` here, for Kit. `resolve` of `$app/paths` knows it too, but comes with all of Kit's route syntax. */
// oxlint-disable-next-line no-underscore-dangle -- it is Kit's name
declare const __SVELTEKIT_PATHS_BASE__: string | undefined;

/** `paths.base`, encoded. */
export function basePath(): string {
	const base = typeof __SVELTEKIT_PATHS_BASE__ === 'string' ? __SVELTEKIT_PATHS_BASE__ : '';
	return base && new URL(base, location.href).pathname;
}
