import type { Case } from '../case.ts';
import { get, multipart, parts, post, request, urlencoded, type HeaderList } from '../requests.ts';

const actions = ['success', 'nothing', 'fail', 'redirect', 'error', 'crash', 'ignore', 'absent'];
const html = { ...urlencoded, accept: 'text/html' };
const enhanced = { ...urlencoded, accept: 'application/json', 'x-sveltekit-action': 'true' };

const foreign: [name: string, headers: HeaderList][] = [
	['another origin', { origin: 'https://evil.example' }],
	['no origin', { origin: '' }],
	['a null origin', { origin: 'null' }],
	['the origin over http', { origin: 'http://app.example' }],
	['a trusted origin', { origin: 'https://trusted.example' }],
	['two origins', { origin: ['https://app.example', 'https://evil.example'] }]
];

const upload = parts({
	head: 'name="file"; filename="a b.txt"\r\nContent-Type: text/plain',
	body: 'x'.repeat(70_000)
});

export const formCases: Case[] = [
	...actions.flatMap((action): Case[] => [
		{
			name: `the form action ${action}`,
			raw: post(`/form?/${action}`, 'a=1&b=gr%C3%BC%C3%9Fe', html)
		},
		{
			name: `the form action ${action}, enhanced`,
			raw: post(`/form?/${action}`, 'a=1&b=gr%C3%BC%C3%9Fe', enhanced)
		}
	]),
	...foreign.flatMap(([name, headers]): Case[] => [
		{ name: `a form from ${name}`, raw: post('/form?/success', 'a=1', { ...html, ...headers }) },
		{
			name: `an enhanced form from ${name}`,
			raw: post('/form?/success', 'a=1', { ...enhanced, ...headers })
		},
		{
			name: `JSON from ${name}`,
			raw: post('/api/echo/json', '1', { 'content-type': 'application/json', ...headers })
		}
	]),
	{ name: 'a default action', raw: post('/form-default', 'name=Ada', html) },
	{ name: 'a default action with a trailing slash', raw: post('/form-default/', 'name=Ada', html) },
	{ name: 'an action where there is none', raw: post('/never', 'name=Ada', html) },
	{ name: 'an action where there is none, enhanced', raw: post('/never', 'name=Ada', enhanced) },
	{ name: 'an action of a prerendered page', raw: post('/pre/never', 'name=Ada', html) },
	{ name: 'an upload', raw: post('/form?/upload', upload, { ...multipart, accept: 'text/html' }) },
	{
		name: 'a form with another content-type',
		raw: post('/form?/success', '{}', { 'content-type': 'application/json', accept: 'text/html' })
	},
	{ name: 'GET of a form with an action in its query', raw: get('/form?/success') },
	{
		name: 'PUT of a form',
		raw: request('PUT', '/form?/success', { ...html, origin: 'https://app.example' }, 'a=1')
	}
];
