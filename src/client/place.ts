import { basePath } from './base-path.ts';
import type { Target, UrlSource } from './core/types.ts';
import type { ParamsSource } from './params.ts';

/** Where to connect. What fills a path with its params is loaded where there is something to fill. */
export function placeOf(url: UrlSource, source: ParamsSource | undefined): Target {
	if (typeof url === 'function') return url();
	const params = typeof source === 'function' ? source() : (source ?? {});
	if (!params || !/^\/[^?#]*\[/.test(url as string)) return params && url;
	// Whoever watches them is to read them now.
	const given = { ...params };
	return import('./route-path.ts').then(({ fill }) => fill(url as string, given, basePath()));
}
