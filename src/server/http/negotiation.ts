import type { AssetEntry } from '../../shared/handoff.ts';

/** The compressed variants that a file may have. */
export type Variant = 'br' | 'gz';

/** How much a client wants each of them. */
type Wishes = Record<Variant, number>;

/** Browsers say the same in every request: so many headers of at most so many characters are remembered. */
const maxRemembered = 100;
const maxLength = 100;

/** Chooses among the variants of files. */
export class Negotiation {
	readonly #wishes = new Map<string, Wishes>();

	/** RFC 9110, section 12.5.3: the variant that exists and is wanted most, brotli before gzip; else the file itself. */
	choose(
		acceptEncoding: string | undefined,
		asset: Pick<AssetEntry, Variant>
	): Variant | undefined {
		if (!acceptEncoding || !(asset.br || asset.gz)) return undefined;
		const wishes = this.#wishesOf(acceptEncoding);
		const br = asset.br ? wishes.br : 0;
		const gz = asset.gz ? wishes.gz : 0;
		if (gz > br) return 'gz';
		return br > 0 ? 'br' : undefined;
	}

	#wishesOf(header: string): Wishes {
		const remembered = this.#wishes.get(header);
		if (remembered) return remembered;
		const wishes = parseWishes(header);
		if (header.length > maxLength) return wishes;
		if (this.#wishes.size >= maxRemembered) this.#wishes.clear();
		this.#wishes.set(header, wishes);
		return wishes;
	}
}

function parseWishes(header: string): Wishes {
	const weights = parseWeights(header);
	const others = weights.get('*') ?? 0;
	return { br: weights.get('br') ?? others, gz: weights.get('gzip') ?? others };
}

function parseWeights(header: string): Map<string, number> {
	const weights = new Map<string, number>();
	for (const part of header.toLowerCase().split(',')) {
		const [coding = '', ...params] = part.split(';').map((each) => each.trim());
		const quality = params
			.map((each) => each.split('='))
			.findLast(([name]) => name?.trim() === 'q');
		weights.set(coding, quality ? parseFloat(quality[1] ?? '') || 0 : 1);
	}
	return weights;
}

/** RFC 9110, section 13.1.2, with weak comparison. `etag` has its quotes. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
	if (!ifNoneMatch) return false;
	if (ifNoneMatch.trim() === '*') return true;
	return ifNoneMatch.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}

/** First and last byte. */
export interface Range {
	start: number;
	end: number;
}

/**
 * RFC 9110, section 14.2: one range of bytes.
 * @returns undefined for a header that is to be ignored, `unsatisfiable` for one that is to be answered 416
 */
export function parseRange(
	range: string | undefined,
	ifRange: string | undefined,
	etag: string,
	size: number
): Range | 'unsatisfiable' | undefined {
	// Another validator means that the client's part is of an older file: it needs the whole new one.
	if (!range || (ifRange && ifRange !== etag)) return undefined;
	const match = /^bytes=(\d*)-(\d*)$/.exec(range);
	if (!match || (!match[1] && !match[2])) return undefined;
	const start = match[1] ? Number(match[1]) : Math.max(size - Number(match[2]), 0);
	const end = match[1] && match[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
	return start > end ? 'unsatisfiable' : { start, end };
}
