import { file } from '../file.ts';

/** What the app answers to the same request, with the headers that it sends. */
export interface Answer {
	headers: Record<string, string>;
	body: Uint8Array | string;
}

const json = { 'content-type': 'application/json' };

/** Made once, as the app's adapter makes it when it builds. */
const fileAnswer: Answer = {
	headers: {
		etag: '"QLDmmKHJn3PKhKwF-ZMzdRD3KR4dgqHHQ1rHGjRrTKs"',
		'accept-ranges': 'bytes',
		'content-type': 'text/plain'
	},
	body: Buffer.from(file.text)
};

/** @returns what a GET is answered; undefined where there is nothing */
export function answerGet(path: string): Answer | undefined {
	if (path === file.path) return fileAnswer;
	if (path !== '/endpoint') return undefined;
	return { headers: json, body: JSON.stringify({ hello: 'world', path }) };
}

export function answerPost(body: string): Answer {
	const { items } = JSON.parse(body) as { items: unknown[] };
	return { headers: json, body: JSON.stringify({ items: items.length }) };
}

/** What `/publish` sends to everybody in the room. */
export function encodePublished(body: string): string {
	return JSON.stringify(JSON.parse(body));
}
