import type { Case } from '../../../comparison/case.ts';
import { get, head, post } from '../../../comparison/requests.ts';
import { responses } from '../fixtures/app/src/lib/responses.ts';
import { through } from '../fixtures/app/src/lib/through.ts';

function targetOf(kind: string, by?: string): string {
	const query = by === undefined ? '' : `?through=${encodeURIComponent(by)}`;
	return `/response/${encodeURIComponent(kind)}${query}`;
}

/** One of each way to make a response. */
const typical = [
	'nothing',
	'a string',
	'a string beyond latin1',
	'a Uint8Array',
	'a Blob',
	'a slow stream',
	'a stream that breaks in its middle',
	'Response.json',
	'json',
	'status 204',
	'one of a plain subclass',
	'what has been cloned',
	'a string of 1 MB'
];

/** After these adapter-node says that it cannot send the body, in more bytes than Kit has announced, and hangs. */
export const spent = ['a read of all', 'a lock'];

export const responseCases: Case[] = [
	...Object.keys(responses).flatMap((kind): Case[] => [
		{ name: `GET ${kind}`, raw: get(targetOf(kind)) },
		{ name: `HEAD ${kind}`, raw: head(targetOf(kind)) }
	]),
	...['a string', 'a slow stream', 'status 204'].map((kind): Case => ({
		name: `POST ${kind}`,
		raw: post(targetOf(kind), 'not read')
	})),
	{
		name: 'GET an ETag that is known',
		raw: get(targetOf('an ETag'), { 'if-none-match': '"a"' })
	},
	...Object.keys(through).flatMap((by) =>
		typical
			.filter((kind) => !(kind === 'json' && spent.includes(by)))
			.map((kind): Case => ({ name: `GET ${kind} through ${by}`, raw: get(targetOf(kind, by)) }))
	),
	{
		name: 'several responses on one connection',
		raw: ['a string', 'a slow stream', 'status 204', 'a string of 1 MB', 'Response.json'].map(
			(kind) => get(targetOf(kind))
		)
	}
];
