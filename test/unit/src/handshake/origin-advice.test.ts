import { describe, expect, it } from 'vitest';
import { adviseOrigin } from '../../../../src/server/handshake/origin-advice.ts';
import type { OriginOptions } from '../../../../src/server/http/origin.ts';
import { FakeExchange } from '../../support/exchange.ts';

const production: OriginOptions = {
	pinned: undefined,
	protocolHeader: '',
	hostHeader: '',
	portHeader: '',
	variables: {
		protocol: 'MY_PROTOCOL_HEADER',
		host: 'MY_HOST_HEADER',
		port: 'MY_PORT_HEADER',
		pinned: 'MY_ORIGIN'
	}
};

const origin = 'https://chat.example';

function advice(
	headers: Record<string, string>,
	options: Partial<OriginOptions> = {},
	{ page = origin, url = 'https://10.0.0.1:3000/chat' } = {}
): string {
	const exchange = new FakeExchange({ headers });
	return adviseOrigin({ exchange, origin: page, url: new URL(url) }, { ...production, ...options });
}

const list = "list its origin in the adapter's option websocket.allowedOrigins";
const another = ` If it is another one that may open sockets here, ${list}.`;

/** What is said of a page of the app itself. */
function own(...given: Parameters<typeof advice>): string {
	const text = advice(...given);
	expect(text.endsWith(another)).toBe(true);
	return text.slice(0, -another.length);
}

describe('behind a proxy that tells of the host in a header', () => {
	it.each(['x-forwarded-host', 'x-original-host', 'x-host'])('it is to name %s', (name) => {
		expect(own({ [name]: 'chat.example' })).toBe(
			`If it is a page of this app, set MY_HOST_HEADER=${name}, which your proxy has to write.`
		);
	});

	it('it is to name the header of the port, where that is another one', () => {
		const headers = { 'x-forwarded-host': 'chat.example', 'x-forwarded-port': '8443' };
		expect(own(headers, {}, { page: 'https://chat.example:8443' })).toContain(
			'set MY_HOST_HEADER=x-forwarded-host and MY_PORT_HEADER=x-forwarded-port, which'
		);
		expect(own(headers)).toContain('set MY_HOST_HEADER=x-forwarded-host, which');
		expect(
			own(
				{ 'x-forwarded-port': '8080' },
				{},
				{ page: 'http://a.example:8080', url: 'http://a.example' }
			)
		).toContain('set MY_PORT_HEADER=x-forwarded-port, which');
	});

	it('it is to name the header of the scheme too, without which the URLs of the app are wrong', () => {
		const headers = { 'x-forwarded-host': 'chat.example', 'x-forwarded-proto': 'http' };
		const page = { page: 'http://chat.example' };
		expect(own(headers, {}, page)).toContain(
			'set MY_HOST_HEADER=x-forwarded-host and MY_PROTOCOL_HEADER=x-forwarded-proto, which'
		);
		const isNamed = { protocolHeader: 'x-forwarded-proto' };
		expect(own(headers, isNamed, page)).toContain('set MY_HOST_HEADER=x-forwarded-host, which');
	});

	it.each([
		['another host', { 'x-forwarded-host': 'other.example' }],
		['two of them', { 'x-forwarded-host': 'chat.example, 10.0.0.1' }],
		['what is none', { 'x-forwarded-host': 'a b' }],
		['nothing', { 'x-forwarded-host': '' }],
		['it in a header that nobody knows', { 'x-mine': 'chat.example' }]
	])('it is not to name one that holds %s', (_, headers) => {
		expect(own(headers)).toBe(
			'If it is a page of this app, let the proxy pass the host on, as nginx does with proxy_set_header Host $http_host, ' +
				'or set MY_HOST_HEADER to the header that has it, or MY_ORIGIN to its origin.'
		);
	});

	it('which is named, but holds something else, it is to be written into', () => {
		const named = { hostHeader: 'x-real-host' };
		expect(own({ 'x-forwarded-host': 'chat.example' }, named)).toBe(
			'If it is a page of this app, let the proxy write its host into x-real-host, the header that MY_HOST_HEADER names.'
		);
		const page = { page: 'https://a.example:8443', url: 'https://a.example/chat' };
		expect(own({ 'x-real-host': 'a.example' }, named, page)).toContain(
			'let the proxy write its host with the port into x-real-host, the header'
		);
		expect(own({ 'x-real-host': 'a.example', 'x-forwarded-port': '8443' }, named, page)).toContain(
			'set MY_PORT_HEADER=x-forwarded-port, which'
		);
	});
});

it('where only the port differs, the proxy is to pass it on', () => {
	expect(own({}, {}, { page: 'http://a.example:8080', url: 'https://a.example/chat' })).toBe(
		'If it is a page of this app, let the proxy pass the port on with the host, as nginx does with proxy_set_header Host $http_host.'
	);
});

it('where the origin is pinned, it is to be another one', () => {
	const pinned = { pinned: 'https://app.example' };
	expect(own({ 'x-forwarded-host': 'chat.example' }, pinned)).toBe(
		'If it is a page of this app, set MY_ORIGIN to its origin.'
	);
	expect(own({}, pinned, { page: 'http://app.example' })).toContain('set MY_ORIGIN to its origin');
});

it.each(['null', '', 'capacitor://localhost', 'ws://10.0.0.1:3000', 'nonsense'])(
	'%j, which is no page of an app, can only be listed',
	(page) => {
		expect(advice({ 'x-forwarded-host': page }, {}, { page })).toBe(
			`If it may open sockets here, ${list}.`
		);
	}
);

it('where no variables are read, as in dev, the page is to be listed, which is shown', () => {
	expect(advice({ 'x-forwarded-host': 'chat.example' }, { variables: undefined })).toBe(
		`If it is a page of this app, behind a tunnel or a proxy, or another one that may open sockets here, ${list}: ` +
			"websocket: { allowedOrigins: ['https://chat.example'] }."
	);
	const page = "https://x'] }, evil: ['";
	expect(advice({}, { variables: undefined }, { page })).not.toContain('evil');
});
