import { withEnv, type Case } from '../case.ts';
import { get, post, urlencoded, type HeaderList } from '../requests.ts';

const echo = '/api/echo';

function cases(what: string, variants: [name: string, headers: HeaderList][]): Case[] {
	return variants.map(([name, headers]) => ({ name: `${what}: ${name}`, raw: get(echo, headers) }));
}

const protocol = 'x-forwarded-proto';
const host = 'x-forwarded-host';
const port = 'x-forwarded-port';
const address = 'x-forwarded-for';

const origins = withEnv(
	{ PROTOCOL_HEADER: 'X-Forwarded-Proto', HOST_HEADER: host, PORT_HEADER: port },
	[
		...cases('origin headers', [
			['none', {}],
			['protocol http', { [protocol]: 'http' }],
			['protocol https', { [protocol]: 'https' }],
			['protocol in capitals', { [protocol]: 'HTTP' }],
			['protocol empty', { [protocol]: ' ' }],
			['protocol twice', { [protocol]: ['http', 'https'] }],
			['protocol list', { [protocol]: 'https, http' }],
			['protocol with a colon', { [protocol]: 'http:' }],
			['protocol encoded', { [protocol]: 'http%73' }],
			['protocol with an encoded colon', { [protocol]: 'http%3A' }],
			['protocol badly encoded', { [protocol]: '%zz' }],
			['protocol nonsense', { [protocol]: 'a b' }],
			['protocol javascript', { [protocol]: 'javascript' }],
			['protocol ws', { [protocol]: 'ws' }],
			['host', { [host]: 'public.example' }],
			['host with a port', { [host]: 'public.example:8443' }],
			['host twice', { [host]: ['a.example', 'b.example'] }],
			['host list', { [host]: 'a.example, b.example' }],
			['host empty', { [host]: ' ' }],
			['host with a path', { [host]: 'public.example/path' }],
			['host with a user', { [host]: 'user@public.example' }],
			['host nonsense', { [host]: 'a b' }],
			['host IPv6', { [host]: '[::1]:80' }],
			['host in capitals', { [host]: 'PUBLIC.example' }],
			['host international', { [host]: 'grüße.example' }],
			['host without a host header', { host: ' ', [host]: 'public.example' }],
			['port', { [port]: '8443' }],
			['port of the protocol', { [port]: '443' }],
			['port empty', { [port]: ' ' }],
			['port 0', { [port]: '0' }],
			['port nonsense', { [port]: 'abc' }],
			['port with a space', { [port]: '80 80' }],
			['port too large', { [port]: '70000' }],
			['port negative', { [port]: '-1' }],
			['port in hexadecimal', { [port]: '0x50' }],
			['port as a fraction', { [port]: '8.5' }],
			['port twice', { [port]: ['80', '81'] }],
			['port and host with a port', { [host]: 'public.example:1', [port]: '2' }],
			['all', { [protocol]: 'http', [host]: 'public.example', [port]: '8080' }]
		]),
		{
			name: 'origin headers: a form over http',
			raw: post('/form?/success', 'a=1', {
				...urlencoded,
				accept: 'text/html',
				origin: 'http://app.example',
				[protocol]: 'http'
			})
		},
		{
			name: 'origin headers: nonsense for a file',
			raw: get('/plain.txt', { [protocol]: 'http:' })
		},
		{ name: 'origin headers: nonsense for a redirect', raw: get('/pre/never/', { [port]: 'abc' }) }
	]
);

const hosts = cases('host header', [
	['usual', { host: 'app.example' }],
	['with a port', { host: 'app.example:8080' }],
	['with the usual port', { host: 'app.example:443' }],
	['in capitals', { host: 'APP.Example' }],
	['IPv6', { host: '[::1]:3000' }],
	['IPv6 without brackets', { host: '::1' }],
	['with an underscore', { host: 'my_app:3000' }],
	['very long', { host: `${'long.'.repeat(1000)}example` }],
	['empty', { host: ' ' }],
	['with a space', { host: 'a b' }],
	['with a path', { host: 'app.example/path' }],
	['with another path and a query', { host: 'app.example/api/body/null?x=' }],
	['with a query', { host: 'app.example?a' }],
	['with a fragment', { host: 'app.example#a' }],
	['with a backslash', { host: 'app.example\\a' }],
	['with a user', { host: 'user:pass@app.example' }],
	['a list', { host: 'a.example, b.example' }],
	['with an empty port', { host: 'app.example:' }],
	['with a bad port', { host: 'app.example:port' }],
	['with a port too large', { host: 'app.example:99999' }],
	['with bad characters', { host: 'app<>.example' }],
	['percent-encoded', { host: 'app%2Eexample' }],
	['a dot at its end', { host: 'app.example.' }],
	['international', { host: 'grüße.example' }],
	['a number', { host: '1' }],
	['only a port', { host: ':80' }],
	['twice', { host: ['a.example', 'b.example'] }],
	['absent', { host: '', accept: '*/*' }]
]);

const hostsOfFiles: Case[] = [
	{ name: 'host header: with a path, for a file', raw: get('/plain.txt', { host: 'a/b' }) },
	{ name: 'host header: with a space, for a redirect', raw: get('/pre/never/', { host: 'a b' }) },
	{ name: 'host header: empty, for a file', raw: get('/plain.txt', { host: ' ' }) }
];

const addresses = [
	...withEnv({ ADDRESS_HEADER: 'True-Client-IP' }, [
		...cases('address header', [
			['present', { 'true-client-ip': '1.2.3.4' }],
			['absent', {}],
			['twice', { 'true-client-ip': ['1.2.3.4', '5.6.7.8'] }],
			['empty', { 'true-client-ip': ' ' }],
			['with spaces', { 'true-client-ip': ' 1.2.3.4 , 5.6.7.8 ' }],
			['nonsense', { 'true-client-ip': 'nonsense' }]
		])
	]),
	...withEnv(
		{ ADDRESS_HEADER: address },
		cases('x-forwarded-for', [
			['one', { [address]: '1.2.3.4' }],
			['three', { [address]: '1.1.1.1, 2.2.2.2 ,3.3.3.3' }],
			['in two headers', { [address]: ['1.1.1.1', '2.2.2.2, 3.3.3.3'] }],
			['absent', {}],
			['empty', { [address]: ' ' }],
			['commas', { [address]: ',,' }]
		])
	),
	...withEnv(
		{ ADDRESS_HEADER: address, XFF_DEPTH: '3' },
		cases('x-forwarded-for at depth 3', [
			['three', { [address]: '1.1.1.1, 2.2.2.2 ,3.3.3.3' }],
			['four', { [address]: '0.0.0.0,1.1.1.1, 2.2.2.2 ,3.3.3.3' }],
			['too few', { [address]: '2.2.2.2' }],
			['absent', {}]
		])
	),
	...withEnv({ ADDRESS_HEADER: 'host' }, cases('address header host', [['usual', {}]]))
];

export const proxyCases: Case[] = [...origins, ...hosts, ...hostsOfFiles, ...addresses];
