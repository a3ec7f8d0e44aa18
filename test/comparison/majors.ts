import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kit2Comparison, kit2Vite } from '../support/kit2.ts';
import type { Headers } from './answer.ts';
import { hashEtag, type AdapterName, type EtagOf, type Home } from './build.ts';
import type { Case, Variant } from './case.ts';
import { cases } from './cases/index.ts';
import { differences, type Difference } from './differences.ts';
import { kit2Differences } from './kit2-differences.ts';
import { subjects, subjectsOfKit2, type Subject } from './subjects.ts';

/** What is particular to a major version of SvelteKit, with the adapter-node of its time. */
export interface Major {
	home: Home;
	/** Variants that are another one, run in another environment. */
	atRunTime: Partial<Record<Variant, { variant: Variant; env: Record<string, string> }>>;
	etagOf: Record<AdapterName, EtagOf>;
	/** Leaves out what is not promised. */
	normalise(headers: Headers): Headers;
	cases: Case[];
	/** What it runs on. */
	subjects: Subject[];
	differences: Difference[];
	maxDifferences: number;
	/** Another major: its adapter-node is asked where a difference says that it answers as our build does. */
	reference?: Major;
}

export const kit3: Major = {
	home: {
		folder: fileURLToPath(new URL('./fixtures/app', import.meta.url)),
		vite: fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url)),
		hasStaticFiles: true
	},
	atRunTime: {},
	etagOf: { node: hashEtag, ws: hashEtag },
	normalise: (headers) => headers,
	cases,
	subjects,
	differences,
	maxDifferences: 17
};

/** As sirv makes it: https://github.com/lukeed/sirv/blob/v3.0.2/packages/sirv/index.mjs */
const sirvEtag: EtagOf = (path, variant) => {
	const { size, mtime } = statSync(path + variant);
	return `W/"${size}-${mtime.getTime()}"`;
};

/**
 * adapter-node 5 has sirv for the files. Its ETags are of another kind and come with a date, `accept-ranges` only with a
 * part, and a type that it does not know is an empty one.
 */
function withoutSirv(headers: Headers): Headers {
	if (!/^(W\/"\d+-\d{13}"|"[\w-]{43}(\.br|\.gz)?")$/.test(String(headers['etag']))) return headers;
	const { 'last-modified': _, 'accept-ranges': __, 'content-type': type, ...others } = headers;
	return { ...others, etag: 'of the file', ...(type ? { 'content-type': type } : {}) };
}

/** A copy of the app, because its own comparison may build the original at the same time. */
const reference: Major = {
	...kit3,
	home: {
		...kit3.home,
		folder: fileURLToPath(new URL('../../.tmp/comparison', import.meta.url)),
		original: kit3.home.folder
	},
	normalise: withoutSirv
};

/** It shows in one of those. */
const isOnNode = (difference: Difference) =>
	subjectsOfKit2.some(({ name }) => difference.subjects.includes(name));

export const kit2: Major = {
	home: { folder: kit2Comparison, vite: kit2Vite, hasStaticFiles: true, isParallel: true },
	// What SvelteKit 3 calls `paths.origin` is a variable.
	atRunTime: { origin: { variant: 'default', env: { ORIGIN: 'https://pinned.example:8443' } } },
	etagOf: { node: sirvEtag, ws: hashEtag },
	normalise: withoutSirv,
	cases,
	// Bun and SvelteKit 2 know nothing of each other: what they do is seen with one of them.
	subjects: subjectsOfKit2,
	differences: [...differences.filter(isOnNode), ...kit2Differences],
	maxDifferences: 22,
	reference
};
