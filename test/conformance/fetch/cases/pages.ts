import type { Case } from '../../../comparison/case.ts';
import { get, multipart, parts, post, urlencoded } from '../../../comparison/requests.ts';
import { requests } from '../fixtures/app/src/lib/requests.ts';
import { through } from '../fixtures/app/src/lib/through.ts';
import { spent } from './responses.ts';

const actions = ['form', 'clone', 'text', 'twice', 'described', 'copied'];
const html = { accept: 'text/html' };
const enhanced = { accept: 'application/json', 'x-sveltekit-action': 'true' };
const upload = parts(
	{ head: 'name="text"', body: 'grüße' },
	{ head: 'name="text"', body: 'again' }
);

/** What `handle` may do to the request of a form: an action reads it after that. */
const before = Object.keys(requests).filter((name) => name !== 'left');

const payload = Buffer.from('["Ada"]').toString('base64url');
const json = { 'content-type': 'application/json' };

const remote: Case[] = [
	{ name: 'a query', raw: ({ paths }) => get(`${paths.remote('greet')}?payload=${payload}`) },
	...Object.keys(requests).map((by): Case => ({
		name: `a command after handle has it ${by}`,
		raw: ({ paths }) =>
			post(
				`${paths.remote('save')}?request=${encodeURIComponent(by)}`,
				JSON.stringify({ payload }),
				json
			)
	})),
	{
		name: 'a remote form',
		raw: ({ paths }) => {
			const id = paths.remote('submit').split('/').slice(-2).join('/');
			const field = encodeURIComponent(`field/${id}`);
			return post(`/remote?/remote=${id}`, `${field}=gr%C3%BC%C3%9Fe`, { ...urlencoded, ...html });
		}
	}
];

export const pageCases: Case[] = [
	{ name: 'GET a page', raw: get('/form') },
	...Object.keys(through)
		.filter((by) => !spent.includes(by))
		.map((by): Case => ({
			name: `GET a page through ${by}`,
			raw: get(`/form?through=${encodeURIComponent(by)}`)
		})),
	...actions.flatMap((action): Case[] => [
		{
			name: `the action ${action}`,
			raw: post(`/form?/${action}`, 'a=1&b=%C3%BC', { ...urlencoded, ...html })
		},
		{
			name: `the action ${action}, enhanced`,
			raw: post(`/form?/${action}`, 'a=1&b=%C3%BC', { ...urlencoded, ...enhanced })
		},
		{
			name: `the action ${action}, in parts`,
			raw: post(`/form?/${action}`, upload, { ...multipart, ...html })
		}
	]),
	...before.map((by): Case => ({
		name: `an action after handle has it ${by}`,
		raw: post(`/form?/form&request=${encodeURIComponent(by)}`, 'a=1', { ...urlencoded, ...html })
	})),
	...remote
];
