import type { Case } from '../case.ts';
import { origin, request } from '../requests.ts';

const methods = [
	'GET',
	'HEAD',
	'OPTIONS',
	'POST',
	'PUT',
	'PATCH',
	'DELETE',
	'PROPFIND',
	'PURGE',
	'QUERY',
	'TRACE'
];

/** Methods that Node does not know, or does not hand to an app. */
const strange = ['CONNECT', 'UNKNOWN', 'get', 'Post', 'patch'];

const targets = [
	'/plain.txt',
	'/pre/never',
	'/pre/never/',
	'/pre/redirect',
	'/pre/json',
	'/never',
	'/never/',
	'/form',
	'/both',
	'/error/expected',
	'/api/methods',
	'/api/get-only',
	'/api/post-only',
	'/api/fallback',
	'/api/mixed',
	'/api/echo',
	'/nowhere',
	'/_app/immutable/nowhere.js'
];

function withMethod(method: string, target: string): Case {
	return {
		name: `method ${method} of ${target}`,
		raw: request(method, target, { origin, 'content-type': 'text/x-own' })
	};
}

export const methodCases: Case[] = [
	...targets.flatMap((target) => methods.map((method) => withMethod(method, target))),
	...['/plain.txt', '/never', '/api/echo', '/nowhere'].flatMap((target) =>
		strange.map((method) => withMethod(method, target))
	),
	...['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'POST', 'PROPFIND'].map((method): Case => ({
		name: `${method} with a body to an endpoint`,
		raw: request(method, '/api/methods', { origin, 'content-type': 'text/x-own' }, 'the body')
	})),
	{
		name: 'OPTIONS as a preflight of an endpoint',
		raw: request('OPTIONS', '/api/get-only', {
			origin: 'https://other.example',
			'access-control-request-method': 'PUT',
			'access-control-request-headers': 'x-a'
		})
	},
	{ name: 'OPTIONS *', raw: request('OPTIONS', '*') },
	{
		name: 'a method that is overridden by a header',
		raw: request('POST', '/api/methods', {
			origin,
			'content-type': 'text/x-own',
			'x-http-method-override': 'DELETE'
		})
	}
];
