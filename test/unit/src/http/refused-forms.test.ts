import { describe, expect, it } from 'vitest';
import { RefusedForms } from '../../../../src/server/http/refused-forms.ts';
import { FakeExchange } from '../../support/exchange.ts';
import { FakeLog } from '../../support/log.ts';

const options = {
	pinned: undefined,
	protocolHeader: '',
	hostHeader: '',
	portHeader: '',
	variables: {
		protocol: 'APP_PROTOCOL_HEADER',
		host: 'APP_HOST_HEADER',
		port: 'APP_PORT_HEADER',
		pinned: 'APP_ORIGIN'
	}
};

interface Case {
	status?: number;
	method?: string;
	origin?: string;
	url?: string;
}

/** What the log says when Kit has answered like this. */
function warnings(cases: Case[], given: object = options) {
	const log = new FakeLog();
	const forms = new RefusedForms(log, { ...options, ...given });
	for (const { status = 403, method = 'POST', origin, url = 'https://localhost:3009/x' } of cases) {
		const headers: [string, string][] = origin === undefined ? [] : [['origin', origin]];
		forms.look(new Response(null, { status }), new FakeExchange({ method, headers }), url);
	}
	return log.warnings;
}

const refused: Case = { origin: 'http://localhost:3009' };

describe('a form that Kit refuses', () => {
	it('is explained once, with what to set, where only the protocol differs', () => {
		expect(warnings([refused, refused])).toEqual([
			{
				what: 'A form was refused as one of another site, but only the protocol of its page differs',
				value: 'page http://localhost:3009, app https://localhost:3009',
				todo:
					'Set APP_PROTOCOL_HEADER to the header in which your proxy writes the protocol. Without a proxy set ' +
					"APP_ORIGIN to http://localhost:3009, or list that in SvelteKit's csrf.trustedOrigins."
			}
		]);
	});

	it.each<[string, Case]>([
		['of another site', { origin: 'http://elsewhere.example' }],
		['of another port', { origin: 'http://localhost:3010' }],
		[
			'of the right protocol, which the app refuses by itself',
			{ origin: 'https://localhost:3009' }
		],
		['of plain http, where the app knows that', { ...refused, url: 'http://localhost:3009/x' }],
		['without an origin', {}],
		['that is none, but a page', { ...refused, method: 'GET' }],
		['that is let through', { ...refused, status: 200 }]
	])('is no matter for the log if it is one %s', (_, refusal) => {
		expect(warnings([refusal])).toEqual([]);
	});

	it('is none for it in dev and preview, which know their own protocol', () => {
		expect(warnings([refused], { variables: undefined })).toEqual([]);
	});
});
