import type { Case } from '../case.ts';
import { get, origin, post, request, urlencoded } from '../requests.ts';

/** An argument as Kit's client sends it: devalue in base64url. */
const payload = Buffer.from('["Ada"]').toString('base64url');
const json = { 'content-type': 'application/json' };

export const remoteCases: Case[] = [
	{ name: 'a query', raw: ({ paths }) => get(`${paths.remote('greet')}?payload=${payload}`) },
	{
		name: 'a query of a page',
		raw: ({ paths }) =>
			get(`${paths.remote('greet')}?payload=${payload}`, {
				'x-sveltekit-pathname': '/remote',
				'x-sveltekit-search': '?a=1'
			})
	},
	{
		name: 'a query with a bad argument',
		raw: ({ paths }) => get(`${paths.remote('greet')}?payload=%FF`)
	},
	{ name: 'a query that refuses', raw: ({ paths }) => get(paths.remote('refuse')) },
	{ name: 'a query that redirects', raw: ({ paths }) => get(paths.remote('leave')) },
	{ name: 'a live query', raw: ({ paths }) => get(paths.remote('count')) },
	{
		name: 'a live query by POST',
		raw: ({ paths }) => request('POST', paths.remote('count'), { origin })
	},
	{
		name: 'HEAD of a live query',
		raw: ({ paths }) => request('HEAD', paths.remote('count'), { origin })
	},
	{
		name: 'a command',
		raw: ({ paths }) => post(paths.remote('save'), JSON.stringify({ payload }), json)
	},
	{
		name: 'a command from another origin',
		raw: ({ paths }) =>
			post(paths.remote('save'), JSON.stringify({ payload }), {
				...json,
				origin: 'https://evil.example'
			})
	},
	{
		name: 'a remote form without JavaScript',
		raw: ({ paths }) => {
			const id = paths.remote('submit').split('/').slice(-2).join('/');
			const field = encodeURIComponent(`field/${id}`);
			return post(`/remote?/remote=${id}`, `${field}=gr%C3%BC%C3%9Fe`, {
				...urlencoded,
				accept: 'text/html'
			});
		}
	},
	{
		name: 'a remote function that does not exist',
		raw: ({ paths }) => get(paths.remote('absent'))
	},
	{ name: 'a remote module that does not exist', raw: get('/_app/remote/nowhere/greet') },
	{ name: 'no remote function', raw: get('/_app/remote/') }
];
