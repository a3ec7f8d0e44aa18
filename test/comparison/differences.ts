/** Something in which subjects are meant to differ from adapter-node. */
export interface Difference {
	what: string;
	why: string;
	/** Names of the subjects. */
	subjects: string[];
	/** Names of the cases in which it shows. */
	cases: string[];
	/** What the subjects answer there instead; 0 stands for no answer. The rest of it is not compared. */
	statuses: number[];
	/** These headers differ, in lower case, and nothing else does: the rest is compared, also by another difference. */
	headers?: string[];
	/** The reference of the major answers as the subjects do. That is tested, too. */
	isInReference?: true;
}

const onUws = ['uws', 'uws without fast paths'];

const own = { subjects: [...onUws, 'node', 'bun'] };

const onNode = { subjects: [...onUws, 'node'] };

const parser = {
	subjects: onUws,
	why: 'uWebSockets.js reads the request by itself and leaves no say in it; what it refuses never reaches us'
};

const bun = { subjects: ['bun'] };

/** From adapter-node of every major: at most twelve of uws and node, and eight of bun alone. What is in no list and differs is a bug. */
export const differences: Difference[] = [
	{
		...own,
		what: 'The location of a redirect to a name beyond ASCII, or with a space, is percent-encoded.',
		why: 'adapter-node sends the name as it is: bytes of latin1 or a space, and it crashes for a name beyond latin1.',
		cases: ['GET page /pre/named/gr%C3%BC%C3%9Fe/', 'GET page /pre/named/a%20b/?q=%20'],
		statuses: [308]
	},
	{
		...own,
		what: 'What an endpoint has answered while the app was built keeps its content type.',
		why: 'adapter-node has the extension of the path to go by, which may say nothing, or something else.',
		cases: [
			...['br', 'gzip', '*'].flatMap((value) => [
				`GET /pre/json with accept-encoding "${value}"`,
				`GET /pre/feed.xml with accept-encoding "${value}"`
			]),
			'method GET of /pre/json',
			'method HEAD of /pre/json',
			'GET page /pre/json',
			'GET page /pre/feed.xml',
			'GET page /pre/feed.xml?a',
			'GET page /pre/calendar',
			'GET page /pre/table.txt',
			'GET with a base path /base/pre/feed.xml'
		],
		statuses: [200],
		headers: ['content-type']
	},
	{
		...own,
		what: 'A body that fails before its first byte is answered 500.',
		why: 'adapter-node cuts the connection, which says less, and makes proxies try again.',
		cases: [
			'GET a body: failing-first',
			'limit 1000: too much that comes back as it comes',
			'limit 102400: too much that comes back as it comes'
		],
		statuses: [500]
	},
	{
		...own,
		what: 'A request with two hosts, or with a host that is none, is refused, whatever it is for, and its connection closed.',
		why: 'RFC 9112, section 3.2: a proxy may have chosen the other one, and what is no host puts a path into the URL.',
		cases: [
			...[
				'twice',
				'IPv6 without brackets',
				'with a space',
				'with a path',
				'with another path and a query',
				'with a query',
				'with a fragment',
				'with a backslash',
				'with a user',
				'a list',
				'with an empty port',
				'with a bad port',
				'with a port too large',
				'with bad characters',
				'percent-encoded',
				'international',
				'only a port',
				'with a path, for a file',
				'with a space, for a redirect'
			].map((name) => `host header: ${name}`),
			'three requests on one connection: a bad host',
			'three requests on one connection: a body with a bad host',
			'origin headers: host with a path',
			'a pinned origin: a bad host'
		],
		// 0 is what follows on the connection.
		statuses: [0, 400]
	},
	{
		...own,
		what: 'A proxy is told not to hold an event stream back that names its charset, too.',
		why: 'adapter-node compares the whole header.',
		cases: ['GET a body: sse-charset', 'HEAD a body: sse-charset'],
		statuses: [200]
	},
	{
		...onNode,
		what: 'Several set-cookie headers of a request stay apart.',
		why: 'adapter-node makes a string of the list that Node keeps for this header alone, and only answers have it.',
		cases: ['GET with set-cookie in a request'],
		statuses: [200]
	},
	{
		...parser,
		what: 'There is no HTTP but HTTP/1.1, and no target but a path.',
		cases: ['OPTIONS *', 'absolute form', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/1.2'],
		statuses: [505]
	},
	{
		...parser,
		what: 'Chunk extensions, trailers, empty lines before a request, and a hundred headers are refused.',
		cases: [
			'a chunk with an extension',
			'a chunked body with a trailer',
			'an empty line before a request',
			'150 headers'
		],
		statuses: [0, 400, 431, 505]
	},
	{
		...parser,
		what: 'A malformed request is refused in its own words, or by closing the connection.',
		cases: [
			'no HTTP at all',
			'no header at all',
			'lines that end with a line feed alone',
			'a header without a colon',
			'a space before a colon',
			'a folded header',
			'a NUL in a header',
			'a space in the target',
			'a target without a slash',
			'a tab in the target',
			'a content-length that is no number',
			'a negative content-length',
			'a content-length with a plus',
			'content-length and transfer-encoding',
			'a chunk size that is no number',
			'an unknown transfer-encoding',
			'100 KB of headers',
			'host header: absent',
			'a pinned origin: no host'
		],
		statuses: [0, 400, 431, 505]
	},
	{
		...parser,
		what: 'An empty header name and a chunk that is longer than it says are taken.',
		cases: ['a header without a name', 'a chunk that is longer than it says'],
		statuses: [200]
	},
	{
		what: 'CONNECT is answered.',
		why: 'Node closes the connection because nothing listens to its connect event. Neither is a tunnel.',
		subjects: onUws,
		cases: [
			'method CONNECT of /plain.txt',
			'method CONNECT of /never',
			'method CONNECT of /api/echo',
			'method CONNECT of /nowhere'
		],
		statuses: [400, 405]
	},
	{
		...own,
		what: 'A handshake is answered, and a plain GET of a socket without a page is told so.',
		why: 'adapter-node has no sockets and takes both for requests of a page.',
		cases: [
			'a handshake with a socket',
			'a handshake where there is no socket',
			'a plain GET of a socket'
		],
		statuses: [101, 404, 426]
	},
	{
		...bun,
		what: 'The target of a request is read as browsers read a URL.',
		why: 'Bun hands on a URL: `..` is resolved, a backslash is a slash, and characters beyond ASCII are percent-encoded.',
		cases: [
			'GET /./plain.txt',
			'GET /../plain.txt',
			'GET /docs/../plain.txt',
			'GET /docs/%2e%2e/plain.txt',
			'GET /docs\\page.html',
			'GET a file with the UTF-8 name as it is',
			'GET a file with a latin1 name as it is',
			'GET page /straße',
			'GET page /params/a?q=grüße',
			'absolute form'
		],
		statuses: [200, 404]
	},
	{
		...bun,
		what: 'A malformed request is refused in its own words, or by closing the connection.',
		why: 'Bun reads the request by itself, as uWebSockets.js does; what it refuses never reaches us.',
		cases: [
			...['UNKNOWN', 'get', 'Post', 'patch'].flatMap((method) =>
				['/plain.txt', '/never', '/api/echo', '/nowhere'].map(
					(path) => `method ${method} of ${path}`
				)
			),
			'OPTIONS *',
			'HTTP/2.0',
			'HTTP/1.2',
			'an empty line before a request',
			'lines that end with a line feed alone',
			'a space in the target',
			'a tab in the target'
		],
		statuses: [0, 400, 505]
	},
	{
		...bun,
		what: 'A header of a request that stands twice arrives as a list.',
		why: 'Bun joins them all; Node keeps the first of those that must not repeat.',
		cases: [
			...['content-type', 'user-agent', 'referer', 'authorization', 'if-modified-since'].map(
				(name) => `GET with ${name} twice`
			),
			'GET with set-cookie in a request'
		],
		statuses: [200]
	},
	{
		...bun,
		what: 'A field of a file that was left empty is no `File`.',
		why: "Bun's `formData` gives a `Blob` without a name and a type.",
		cases: ['POST a multipart form with a file', 'POST a multipart form, chunked'],
		statuses: [200]
	},
	{
		...bun,
		what: 'A file that browsers do not show by themselves may say `content-disposition: inline`.',
		why: 'Else Bun would name the file by what it is called on disk. Without the header it means the same.',
		cases: [
			'GET /two-megabytes.bin',
			...['br', 'gzip', '*'].map(
				(value) => `GET /two-megabytes.bin with accept-encoding "${value}"`
			),
			...['br', 'gzip'].map((value) => `GET /pre/feed.xml with accept-encoding "${value}"`),
			'GET page /pre/feed.xml',
			'GET with a base path /base/pre/feed.xml',
			'GET the middle of a large file',
			'GET the end of a large file',
			'three requests on one connection: a large file',
			'every end, one after another'
		],
		statuses: [200, 206],
		headers: ['content-disposition']
	}
];
