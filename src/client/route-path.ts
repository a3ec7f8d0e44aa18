import type { Params, ParamValue } from './params.ts';

/** A query, a group, an escape or a param: Kit's `utils/routing.js`. */
const part = /[?#].*|\/\([^/]+\)(?=\/)|\[(?:[xu]\+([^\]]+)|(\[)?(\.{3})?([\w-]+)[^\]]*\]?)\]/gs;

/** A param that would be another host, or leave its place. */
const elsewhere = /^\/|(^|\/)\.\.?(\/|$)/;

type Group = string | undefined;

/**
 * What a path in Kit's route syntax becomes, or what is no URL and names the param that is missing, or cannot be in a path.
 * @param base what it is below
 */
export function fill(id: string, params: Params, base: string): string {
	const missing: string[] = [];
	const filled = id.replace(part, (whole: string, codes: Group, ...param: Group[]) => {
		if (codes !== undefined) return decodeEscape(codes);
		const [isOptional, isRest, name] = param;
		// The query stays, and a group is in no URL.
		if (name === undefined) return whole.startsWith('/') ? '' : whole;
		const value = params[name];
		if (value === undefined || value === '') {
			// No URL has this character.
			if (isOptional ?? (value === undefined ? undefined : isRest)) return '\0';
			missing.push(name);
			return whole;
		}
		const encoded = isRest ? String(value).split('/').map(encode).join('/') : encode(value);
		if (elsewhere.test(encoded)) missing.push(`${name}, which cannot be ${value}`);
		return encoded;
	});
	if (missing.length > 0) return `missing:${missing.join()} of ${id}`;
	// A segment that is empty goes, but for the first slash.
	return base + filled.replace(/\/\0(?![^/?#])|\0/g, '').replace(/^(?!\/)/, '/');
}

function encode(value: ParamValue): string {
	// Half a surrogate is in no URL either: what decodes it makes this of it.
	return encodeURIComponent(String(value).replace(/\p{Surrogate}/gu, '\uFFFD'));
}

/** Those characters stay encoded that the server decodes in no path, and the one that browsers take for a slash. */
function decodeEscape(codes: string): string {
	const text = String.fromCodePoint(...codes.split('-').map((code) => parseInt(code, 16)));
	return text.replace(/[%/?#\\]/g, encodeURIComponent);
}
