import { AdapterError } from '../../../shared/errors.ts';

/** Where a broker is, as `BUS_URL` says it. */
export interface BrokerAddress {
	/** `redis` or `nats`. */
	readonly kind: BrokerKind;
	/** One or several, as they were given. */
	readonly urls: readonly URL[];
	readonly isEncrypted: boolean;
	/** `host:port`, or several of them: without credentials. */
	readonly places: string;
}

export type BrokerKind = 'redis' | 'nats';

interface Scheme {
	kind: BrokerKind;
	isEncrypted: boolean;
	port: string;
	/** What may follow the host. */
	path: RegExp;
}

const schemes: Record<string, Scheme> = {
	'redis:': { kind: 'redis', isEncrypted: false, port: '6379', path: /^\/?\d*$/ },
	'rediss:': { kind: 'redis', isEncrypted: true, port: '6379', path: /^\/?\d*$/ },
	'nats:': { kind: 'nats', isEncrypted: false, port: '4222', path: /^\/?$/ },
	'tls:': { kind: 'nats', isEncrypted: true, port: '4222', path: /^\/?$/ }
};

/**
 * @param variable the name of the variable, as the user writes it
 * @throws {AdapterError} `bad_env`, without the password
 */
export function parseAddress(text: string, variable: string): BrokerAddress {
	const parts = text.split(',').map((part) => part.trim());
	const urls = parts.map((part) => parseUrl(part, variable));
	const [first] = urls;
	const scheme = schemes[first?.protocol ?? ''];
	if (scheme === undefined || urls.some(({ protocol }) => protocol !== first?.protocol)) {
		throw badUrl(variable, text, 'Give all of its addresses the same scheme.');
	}
	return {
		kind: scheme.kind,
		isEncrypted: scheme.isEncrypted,
		urls,
		places: urls.map(({ hostname, port }) => `${hostname}:${port || scheme.port}`).join(', ')
	};
}

function parseUrl(text: string, variable: string): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const scheme = schemes[url?.protocol ?? ''];
	if (url === undefined || scheme === undefined || url.hostname === '') {
		throw badUrl(
			variable,
			text,
			'Set it to an address such as redis://host:6379, rediss://host:6379, nats://host:4222 or tls://host:4222.'
		);
	}
	if (!scheme.path.test(url.pathname) || url.search !== '' || url.hash !== '') {
		throw badUrl(variable, text, 'Leave out what follows the port.');
	}
	if (![url.username, url.password].every(isEscaped)) {
		throw badUrl(variable, text, 'Write % in a name or password as %25.');
	}
	return url;
}

function isEscaped(text: string): boolean {
	try {
		decodeURIComponent(text);
		return true;
	} catch {
		return false;
	}
}

function badUrl(variable: string, text: string, todo: string): AdapterError {
	return new AdapterError('bad_env', {
		what: `The environment variable ${variable} is no address of a broker`,
		value: JSON.stringify(withoutCredentials(text)),
		todo
	});
}

/** Whatever stands before the last `@` may be a password, even where it is no URL. */
function withoutCredentials(text: string): string {
	return text.replace(/^([a-z]+:\/\/)?.*@/i, '$1…@');
}
