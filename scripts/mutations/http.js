/** @param {string} name */
const unit = (name) => [`test/unit/src/http/${name}.test.ts`];

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: 'src/server/http/address.ts',
		name: 'counts the addresses of x-forwarded-for from the left',
		find: 'addresses.at(-options.xffDepth)',
		replace: 'addresses.at(options.xffDepth - 1)',
		tests: unit('address')
	},
	{
		file: 'src/server/http/address.ts',
		name: 'does not trim an address of x-forwarded-for',
		find: 'return address.trim();',
		replace: 'return address;',
		tests: unit('address')
	},
	{
		file: 'src/server/http/address.ts',
		name: 'takes the address of the connection where the trusted header is absent',
		find: '	if (value === undefined) {',
		replace: '	if (value === undefined) return exchange.address;\n	if (value === null) {',
		tests: unit('address')
	},
	{
		file: 'src/server/http/bad-request.ts',
		name: 'blames the first header that is good',
		find: '!isHeader(name, value)',
		replace: 'isHeader(name, value)',
		tests: unit('bad-request')
	},
	{
		file: 'src/server/http/event-streams.ts',
		name: 'takes a type with a parameter for no event stream',
		find: '(?:;|$)',
		replace: '$',
		tests: unit('event-streams')
	},
	{
		file: 'src/server/http/event-streams.ts',
		name: 'takes the answer to a POST for an event stream before it has come',
		find: "exchange.method === 'GET' && type",
		replace: 'type',
		tests: unit('event-streams')
	},
	{
		file: 'src/server/http/event-streams.ts',
		name: 'cuts those that are open and forgets that it shuts down',
		find: '		this.#reason = reason;\n',
		replace: '',
		tests: unit('event-streams')
	},
	{
		file: 'src/server/http/event-streams.ts',
		name: 'waits for streams that it has cut',
		find: '			release();\n',
		replace: '',
		tests: unit('event-streams')
	},
	{
		file: 'src/server/http/event-streams.ts',
		name: 'keeps streams that have ended',
		find: '			this.#open.delete(open);\n',
		replace: '',
		tests: unit('event-streams')
	},
	{
		file: 'src/server/http/event-streams.ts',
		name: 'cuts every stream after a restart',
		find: '		this.#reason = undefined;\n',
		replace: '',
		tests: unit('event-streams')
	},
	{
		file: 'src/server/http/headers.ts',
		name: 'joins headers of which Node keeps the first',
		find: 'if (firstOnly.has(name) && headers.has(name)) continue;',
		replace: '',
		tests: unit('headers')
	},
	{
		file: 'src/server/http/headers.ts',
		name: 'keeps only the last of a repeated header',
		find: 'headers.append(name, value);',
		replace: 'headers.set(name, value);',
		tests: unit('headers')
	},
	{
		file: 'src/server/http/incoming.ts',
		name: 'joins several set-cookie of a request into one',
		find: "if (name !== 'set-cookie') return",
		replace: 'if (name) return',
		tests: unit('incoming')
	},
	{
		file: 'src/server/http/memory.ts',
		name: 'keeps files of any size in memory',
		find: 'return size <= maxFile &&',
		replace: 'return',
		tests: unit('memory')
	},
	{
		file: 'src/server/http/memory.ts',
		name: 'keeps any number of files in memory',
		find: '(size <= small ? maxTotal : maxTotal / 2)',
		replace: 'Infinity',
		tests: unit('memory')
	},
	{
		file: 'src/server/http/memory.ts',
		name: 'fills its memory with large files',
		find: '(size <= small ? maxTotal : maxTotal / 2)',
		replace: 'maxTotal',
		tests: unit('memory')
	},
	{
		file: 'src/server/http/memory.ts',
		name: 'counts a file once more for every request that comes while it is read',
		find: '		if (this.#loading.has(path)) return;\n',
		replace: '',
		tests: unit('memory')
	},
	{
		file: 'src/server/http/memory.ts',
		name: 'counts a file that could not be read',
		find: '			this.#total -= size;\n',
		replace: '',
		tests: unit('memory')
	},
	{
		file: 'src/server/http/memory.ts',
		name: 'never reads a file again that could not be read once',
		find: '		this.#loading.delete(path);\n',
		replace: '',
		tests: unit('memory')
	},
	{
		file: 'src/server/http/memory.ts',
		name: 'gives a whole file for a range of it',
		find: 'return file.subarray(body.start, body.start + body.length);',
		replace: 'return file;',
		tests: unit('memory')
	},
	{
		file: 'src/server/http/negotiation.ts',
		name: 'takes a coding with the weight 0',
		find: 'return br > 0 ?',
		replace: 'return br >= 0 ?',
		tests: unit('negotiation')
	},
	{
		file: 'src/server/http/negotiation.ts',
		name: 'prefers gzip where both are wanted alike',
		find: 'if (gz > br)',
		replace: 'if (gz >= br)',
		tests: unit('negotiation')
	},
	{
		file: 'src/server/http/negotiation.ts',
		name: 'serves a part of a newer file to somebody who has a part of an older one',
		find: 'if (!range || (ifRange && ifRange !== etag))',
		replace: 'if (!range)',
		tests: unit('negotiation')
	},
	{
		file: 'src/server/http/negotiation.ts',
		name: 'takes a suffix range for a range from the start',
		find: 'Math.max(size - Number(match[2]), 0)',
		replace: '0',
		tests: unit('negotiation')
	},
	{
		file: 'src/server/http/negotiation.ts',
		name: 'lets a range end beyond the file',
		find: 'Math.min(Number(match[2]), size - 1)',
		replace: 'Number(match[2])',
		tests: unit('negotiation')
	},
	{
		file: 'src/server/http/negotiation.ts',
		name: 'refuses a range of one byte',
		find: 'return start > end ?',
		replace: 'return start >= end ?',
		tests: unit('negotiation')
	},
	{
		file: 'src/server/http/negotiation.ts',
		name: 'compares etags strongly',
		find: ".replace(/^W\\//, '')",
		replace: '',
		tests: unit('negotiation')
	},
	{
		file: 'src/server/http/origin.ts',
		name: 'assumes http where no header says the protocol',
		find: "options.protocol ?? 'https'",
		replace: "options.protocol ?? 'http'",
		tests: unit('origin')
	},
	{
		file: 'src/server/http/origin.ts',
		name: 'lets a host through that changes the URL',
		find: 'if (!hosts.passes(host)) {',
		replace: 'if (!host) {',
		tests: unit('origin')
	},
	{
		file: 'src/server/http/origin.ts',
		name: 'prefers the host header to the trusted one',
		find: "named ?? exchange.header('host')",
		replace: "exchange.header('host') ?? named",
		tests: unit('origin')
	},
	{
		file: 'src/server/http/origin.ts',
		name: 'takes a port that is no number',
		find: 'port !== undefined && Number.isNaN(Number(port))',
		replace: 'port === null',
		tests: unit('origin')
	},
	{
		file: 'src/server/http/refused-forms.ts',
		name: 'warns of every refused form again',
		find: '		this.#isTold = true;\n',
		replace: '',
		tests: unit('refused-forms')
	},
	{
		file: 'src/server/http/refused-forms.ts',
		name: 'warns of forms of other sites',
		find: ' || page !== `http://${host}`',
		replace: '',
		tests: unit('refused-forms')
	},
	{
		file: 'src/server/http/request.ts',
		name: 'refuses a body that is exactly as long as the limit',
		find: 'if (length > limit)',
		replace: 'if (length >= limit)',
		tests: unit('request')
	},
	{
		file: 'src/server/http/request.ts',
		name: 'lets a chunked body through whatever its size',
		find: 'if (size > limit)',
		replace: 'if (size === -1)',
		tests: unit('request')
	},
	{
		file: 'src/server/http/request.ts',
		name: 'counts chunks instead of bytes',
		find: 'size += chunk.byteLength;',
		replace: 'size += 1;',
		tests: unit('request')
	},
	{
		file: 'src/server/http/request.ts',
		name: 'makes the star of OPTIONS a part of the host',
		find: "target === '*' ? origin : origin + target",
		replace: 'origin + target',
		tests: unit('request')
	},
	{
		file: 'src/server/http/request.ts',
		name: "does not abort the request's signal when the client leaves",
		find: '	else exchange.onAbort((reason) => controller.abort(reason));\n',
		replace: '',
		tests: unit('ssr')
	},
	{
		file: 'src/server/http/request.ts',
		name: 'does not say why the signal of a request was aborted',
		find: 'exchange.onAbort((reason) => controller.abort(reason))',
		replace: 'exchange.onAbort(() => controller.abort())',
		tests: unit('ssr')
	},
	{
		file: 'src/server/http/request.ts',
		name: 'gives a signal that does not know that the client has left before',
		find: 'if (exchange.aborted) controller.abort(exchange.abortReason);',
		replace: 'if (exchange.aborted) return controller.signal;',
		tests: unit('request')
	},
	{
		file: 'src/server/http/request.ts',
		name: 'takes a user and a password for a part of the host',
		find: "	if (username || password) throw new TypeError('The URL of a request includes credentials');\n",
		replace: '',
		tests: unit('request')
	},
	{
		file: 'src/server/http/lazy-request.ts',
		name: 'forgets headers that were changed',
		find: '		copyHeaders(this.source.headers, real.headers);\n',
		replace: '',
		tests: unit('lazy-request')
	},
	{
		file: 'src/server/http/lazy-request.ts',
		name: 'gives a body twice',
		find: 'this.#real !== undefined || this.#isRead || ',
		replace: '',
		tests: unit('lazy-request')
	},
	{
		file: 'src/server/http/lazy-request.ts',
		name: 'makes a real request that can still be read',
		find: '		if (this.#isRead) void real.body?.getReader().read();\n',
		replace: '',
		tests: unit('lazy-request')
	},
	{
		file: 'src/server/http/lazy-request.ts',
		name: 'clones so that no signal is followed',
		find: 'this?.[kept]?.real().clone() ?? ',
		replace: '',
		tests: unit('lazy-request')
	},
	{
		file: 'src/server/http/lazy-request.ts',
		name: 'believes that whatever looks like it works',
		find: 'return passes(create, Native) ? create : undefined;',
		replace: 'return create;',
		tests: unit('lazy-request')
	},
	{
		file: 'src/server/http/inner.ts',
		name: 'adds headers without taking away what was there',
		find: '	for (const [name] of before) to.delete(name);\n',
		replace: '',
		tests: unit('lazy-response')
	},
	{
		file: 'src/server/http/lazy-response.ts',
		name: 'sends what a real response was made from by now',
		find: 'return isReal ? undefined : source.body;',
		replace: 'return source.body;',
		tests: unit('lazy-response')
	},
	{
		file: 'src/server/http/lazy-response.ts',
		name: 'shares the bytes with the app',
		find: 'new Uint8Array(body) : undefined',
		replace: 'body : undefined',
		tests: unit('lazy-response')
	},
	{
		file: 'src/server/http/lazy-response.ts',
		name: 'gives a body to a status that has none',
		find: ' || (whole !== null && empty.has(status))',
		replace: '',
		tests: unit('lazy-response')
	},
	{
		file: 'src/server/http/lazy-response.ts',
		name: 'does not say that a text is one',
		find: "		headers.set('content-type', 'text/plain;charset=UTF-8');\n",
		replace: '		void 0;\n',
		tests: unit('lazy-response')
	},
	{
		file: 'src/server/http/lazy-response.ts',
		name: 'makes lazy ones of classes below',
		find: 'const isOwn = newTarget === this.#class;',
		replace: 'const isOwn = newTarget !== undefined;',
		tests: unit('lazy-response')
	},
	{
		file: 'src/server/http/whole-body.ts',
		name: 'takes what somebody has read for the whole',
		find: '!body || response.bodyUsed || body.stream.locked',
		replace: '!body',
		tests: unit('whole-body')
	},
	{
		file: 'src/server/http/whole-body.ts',
		name: 'sends what a clone has given away',
		find: 'bytes.byteLength === length ? new Uint8Array(bytes) : undefined',
		replace: 'new Uint8Array(bytes)',
		tests: unit('whole-body')
	},
	{
		file: 'src/server/http/whole-body.ts',
		name: 'shares the bytes with a clone',
		find: '? new Uint8Array(bytes) :',
		replace: '? bytes :',
		tests: unit('whole-body')
	},
	{
		file: 'src/server/http/whole-body.ts',
		name: 'looks behind a Proxy',
		find: '!types.isProxy(response)',
		replace: 'true',
		tests: unit('whole-body')
	},
	{
		file: 'src/server/http/whole-body.ts',
		name: 'looks into what has another body to show',
		find: "!Object.hasOwn(response, 'body') &&\n",
		replace: '',
		tests: unit('whole-body')
	},
	{
		file: 'src/server/http/ssr.ts',
		name: 'lets nginx hold event streams back',
		find: ": [['x-accel-buffering', 'no']]",
		replace: ': []',
		tests: unit('ssr')
	},
	{
		file: 'src/server/http/response.ts',
		name: 'sends a body that is known without its length',
		find: 'if (first.result && second?.result?.done) return first.result.value;',
		replace: '',
		tests: unit('response')
	},
	{
		file: 'src/server/http/response.ts',
		name: 'loses the chunk that it has read to see whether it is the last',
		find: 'second ? [first, second] : [first]',
		replace: '[first]',
		tests: unit('response')
	},
	{
		file: 'src/server/http/response.ts',
		name: 'does not cancel a stream of the app',
		find: 'cancel: (reason) => reader.cancel(reason)',
		replace: 'cancel: () => Promise.resolve()',
		tests: unit('response')
	},
	{
		file: 'src/server/http/response.ts',
		name: 'does not say why it cancels a stream of the app',
		find: 'cancel: (reason) => reader.cancel(reason)',
		replace: 'cancel: () => reader.cancel()',
		tests: unit('response')
	},
	{
		file: 'src/server/http/ssr.ts',
		name: 'answers 500 to a request that makes no sense',
		find: 'status: 400, headers',
		replace: 'status: 500, headers',
		tests: unit('ssr')
	},
	{
		file: 'src/server/http/ssr.ts',
		name: 'answers a second time when an answer fails on its way',
		find: '		if (!exchange.isAnswered)\n',
		replace: '',
		tests: unit('ssr')
	},
	{
		file: 'src/server/http/ssr.ts',
		name: 'says nothing of an error that is nobody’s answer',
		find: '		this.#options.log.error(`${describeRequest(exchange)} failed`, error);\n',
		replace: '',
		tests: unit('ssr')
	},
	{
		file: 'src/server/http/ssr.ts',
		name: 'warns of everybody who closes an event stream',
		find: 'if (isEventStream(response)) {',
		replace: "if (isEventStream(response) && response.headers.has('x-none')) {",
		tests: unit('ssr')
	},
	{
		file: 'src/server/http/ssr.ts',
		name: 'does not tell the event streams of a response that is one',
		find: 'return this.#eventStreams.keep(exchange, () => sendStream(response, exchange));',
		replace: 'return sendStream(response, exchange);',
		tests: unit('ssr')
	},
	{
		file: 'src/server/http/ssr.ts',
		name: 'does not tell the event streams of a request that asks for one',
		find: 'return this.#eventStreams.answer(exchange, () => this.#handle(exchange));',
		replace: 'return this.#handle(exchange);',
		tests: unit('ssr')
	},
	{
		file: 'src/server/http/ssr.ts',
		name: 'says nothing of a form that only the protocol makes one of another site',
		find: '			this.#forms.look(response, exchange, request.url);\n',
		replace: '',
		tests: unit('ssr')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'answers 404 to a POST to a file',
		find: 'return empty(405,',
		replace: 'return empty(404,',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'loses the query in a redirect',
		find: 'encodePathname(entry.location) + search',
		replace: 'encodePathname(entry.location)',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'redirects for some time only',
		find: 'return empty(308,',
		replace: 'return empty(307,',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'says the same etag for a file and its variants',
		find: 'variant ? `"${asset.etag}.${variant}"` : `"${asset.etag}"`',
		replace: '`"${asset.etag}"`',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'does not tell caches that the answer depends on accept-encoding',
		find: "	if (asset.br || asset.gz) headers.push(['vary', 'Accept-Encoding']);\n",
		replace: '',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'lets no browser keep what never changes',
		find: 'if (asset.isImmutable) headers',
		replace: 'if (!asset.path) headers',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'lets browsers keep every file for a year',
		find: 'if (asset.isImmutable) headers',
		replace: 'if (asset.path) headers',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'sends a file to those who have it',
		find: "if (matchesEtag(exchange.header('if-none-match'), etag))",
		replace: "if (matchesEtag(exchange.header('if-none'), etag))",
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'calls a part of a file the whole',
		find: 'status: range ? 206 : 200',
		replace: 'status: 200',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'counts a range of a variant in bytes of the file itself',
		find: 'variant ? (asset[variant] ?? asset.size) : asset.size',
		replace: 'asset.size',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'calls gzip by the ending of its file',
		find: "variant === 'gz' ? 'gzip' : 'br'",
		replace: 'variant',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'redirects to the root from nowhere',
		find: "if (other !== '' && !entries.has(other))",
		replace: 'if (!entries.has(other))',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'redirects from a path that has a file of its own',
		find: "if (other !== '' && !entries.has(other))",
		replace: "if (other !== '')",
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'lets a prerendered page win over a client asset',
		find: 'if (!entries.has(url)) entries.set(url, { ...page, isImmutable: false });',
		replace: 'entries.set(url, { ...page, isImmutable: false });',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'decodes a percent sign that was encoded twice',
		find: "return pathname.split('%25').map(decodeURI).join('%25');",
		replace: 'return decodeURI(pathname);',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'fails where a path cannot be decoded',
		find: '	} catch {\n		return { pathname, search };\n	}',
		replace: "	} catch (error) {\n		throw new Error('no path', { cause: error });\n	}",
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'leads out of a folder that a proxy hides',
		find: "return from.endsWith('/') ? `../${segment}` : `./${segment}/`;",
		replace: 'return to;',
		tests: unit('static')
	},
	{
		file: 'src/server/http/static.ts',
		name: 'sends pages without their character set',
		find: "return type === 'text/html' ? 'text/html;charset=utf-8' : type;",
		replace: 'return type;',
		tests: unit('static')
	}
];
