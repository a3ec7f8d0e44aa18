/** What happens before the 101. */
const folder = 'src/server/handshake';
/** @param {string[]} names */
const suite = (...names) => names.map((name) => `test/unit/src/handshake/${name}.test.ts`);

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: `${folder}/in-time.ts`,
		name: 'the time goes on after the answer',
		find: '\t\tclearTimeout(timer);\n',
		replace: '',
		tests: suite('handshake', 'in-time')
	},
	{
		file: `${folder}/in-time.ts`,
		name: 'the time begins though the answer is there',
		find: 'if (isOver) return;',
		replace: '',
		tests: suite('in-time')
	},
	{
		file: `${folder}/in-time.ts`,
		name: 'milliseconds for seconds',
		find: '}, seconds * 1000);',
		replace: '}, seconds);',
		tests: suite('in-time')
	},
	{
		file: `${folder}/in-time.ts`,
		name: 'the signal of an upgrade that is late stays quiet',
		find: 'controller.abort(late);',
		replace: '',
		tests: suite('in-time')
	},
	{
		file: `${folder}/in-time.ts`,
		name: 'what streams to nobody is not told',
		find: 'if (!isHeard) void discard(answer);',
		replace: '',
		tests: suite('handshake')
	},
	{
		file: `${folder}/in-time.ts`,
		name: 'a late failure is heard by the process',
		find: '.catch(() => {});',
		replace: ';',
		tests: suite('in-time')
	},
	{
		file: `${folder}/in-time.ts`,
		name: 'an answer that comes with the departure of the client is sent',
		find: 'isHeard = !exchange.aborted;',
		replace: 'isHeard = true;',
		tests: suite('handshake', 'in-time')
	},
	{
		file: `${folder}/in-time.ts`,
		name: 'a client that leaves is not noticed',
		find: 'exchange.onAbort(() => end.resolve(undefined));',
		replace: '',
		tests: suite('handshake')
	},
	{
		file: `${folder}/admission.ts`,
		name: 'the limit of a path is not looked at again',
		find: '\trefuseIfFull(match);\n\tconst closed',
		replace: '\tconst closed',
		tests: suite('handshake')
	},
	{
		file: `${folder}/admission.ts`,
		name: 'a full path is 429',
		find: 'new Refusal(503,',
		replace: 'new Refusal(429,',
		tests: suite('handshake')
	},
	{
		file: `${folder}/admission.ts`,
		name: 'an upgrade does not hear of websockets.close',
		find: 'match.route.members?.closed ?? closings.find(mark, () => toTarget(identity))',
		replace: 'match.route.members?.closed',
		tests: suite('handshake')
	},
	{
		file: `${folder}/admission.ts`,
		name: 'an upgrade opens on a path that was closed',
		find: 'match.route.members?.closed ?? closings',
		replace: 'closings',
		tests: suite('handshake')
	},
	{
		file: `${folder}/admission.ts`,
		name: 'to try again later is to be forbidden',
		find: '[1001, 1012, 1013]',
		replace: '[1001, 1012]',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'one connection less than is allowed',
		find: 'this.undecided.taken > maxConnections',
		replace: 'this.undecided.taken >= maxConnections',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'sockets that are open do not count',
		find: 'registry.size + this.undecided.taken',
		replace: 'this.undecided.taken',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'a place is not given back',
		find: '\t\t} finally {\n\t\t\trelease();\n\t\t}',
		replace: '\t\t}',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'nobody is told of a foreign origin',
		find: 'this.#foreign.tell(exchange, origin, url);',
		replace: '',
		tests: suite('handshake')
	},
	{
		file: `${folder}/asking.ts`,
		name: 'an error of the app is a page of HTML',
		find: "if (!request.headers.has('accept')) request.headers.set('accept', 'application/json');",
		replace: '',
		tests: suite('handshake')
	},
	{
		file: `${folder}/options.ts`,
		name: 'messages wait for open without an end',
		find: 'const maxWaiting = maxBackpressure;',
		replace: 'const maxWaiting = Infinity;',
		tests: suite('handshake')
	},
	{
		file: `${folder}/options.ts`,
		name: 'closeOnBackpressureLimit is its default',
		find: 'maxPayload, closeOnBackpressureLimit, rateLimit };',
		replace: 'maxPayload, closeOnBackpressureLimit: false, rateLimit };',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'a client asks at the pace of the default',
		find: 'pingInterval(options.idleTimeout)',
		replace: 'pingInterval(120)',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'the 101 has no subprotocol',
		find: '{ headers: response.headers, protocol }, session',
		replace: '{ headers: response.headers, protocol: undefined }, session',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'the 101 has no headers of the app',
		find: '{ headers: response.headers, protocol }, session',
		replace: '{ headers: [], protocol }, session',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'a probe spends a one-time key',
		find: 'registry.keys.peek(key)',
		replace: 'registry.keys.take(key)',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'a one-time key opens two sockets',
		find: 'registry.keys.take(key)',
		replace: 'registry.keys.peek(key)',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'a probe is let in where a handshake is not any more',
		find: '\t\t\tthis.#admit(probe, decision);\n',
		replace: '',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'a probe is not told the subprotocol',
		find: 'probe.protocol = decision.accepted.protocol;',
		replace: '',
		tests: suite('handshake')
	},
	{
		file: `${folder}/asking.ts`,
		name: 'the key is in the URL that the app sees',
		find: 'this.#paths.withoutKey(withoutHeartbeat(created))',
		replace: 'withoutHeartbeat(created)',
		tests: suite('handshake')
	},
	{
		file: `${folder}/asking.ts`,
		name: 'our own query is in the URL that the app sees',
		find: 'this.#paths.withoutKey(withoutHeartbeat(created))',
		replace: 'this.#paths.withoutKey(created)',
		tests: suite('handshake')
	},
	{
		file: `${folder}/reauthorization.ts`,
		name: 'a socket is asked about in the context of another one',
		find: 'void this.#outside(() => this.#again(watched))',
		replace: 'void this.#again(watched)',
		tests: suite('reauthorization')
	},
	{
		file: `${folder}/reauthorization.ts`,
		name: 'a socket that has ended is asked about',
		find: 'this.#due.delete(watched);',
		replace: '',
		tests: suite('reauthorization')
	},
	{
		file: `${folder}/reauthorization.ts`,
		name: 'the app is not told that a socket has ended about which it is asked',
		find: "watched.exchange?.cut(new DOMException('The socket has ended', 'AbortError'));",
		replace: '',
		tests: suite('reauthorization')
	},
	{
		file: `${folder}/reauthorization.ts`,
		name: 'a socket is closed because a database is away',
		find: 'status < 500 && ',
		replace: '',
		tests: suite('reauthorization')
	},
	{
		file: `${folder}/reauthorization.ts`,
		name: 'a socket is closed because somebody asks too often',
		find: ' && !passing.includes(status)',
		replace: '',
		tests: suite('reauthorization')
	},
	{
		file: `${folder}/reauthorization.ts`,
		name: 'a socket is asked about once',
		find: '\t\tthis.#due.add(watched);\n\t}\n\n\t/** @returns undefined if it has been',
		replace: '\t}\n\n\t/** @returns undefined if it has been',
		tests: suite('reauthorization')
	},
	{
		file: `${folder}/due.ts`,
		name: 'all who come together are asked about together',
		find: 'let count = Math.ceil(rate * tick);',
		replace: 'let count = Infinity;',
		tests: suite('due')
	},
	{
		file: `${folder}/due.ts`,
		name: 'many who are due at once wait without an end',
		find: 'Math.max(this.#perSecond() / 1000, this.#ready.size / patience)',
		replace: 'this.#perSecond() / 1000',
		tests: suite('due')
	},
	{
		file: `${folder}/request.ts`,
		name: 'a refusal keeps its headers to itself',
		find: '...refusal.headers]',
		replace: ']',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'handle has no last word',
		find: 'if (accepted && response.ok)',
		replace: 'if (accepted)',
		tests: suite('handshake')
	},
	{
		file: `${folder}/hooks.ts`,
		name: 'the path of what reroute fetches is taken for that of the upgrade',
		find: 'interceptions.run(undefined, () => appReroute(input))',
		replace: 'appReroute(input)',
		tests: suite('hooks')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'the path is what the client has asked for, whatever reroute says',
		find: 'this.#find(this.#path)',
		replace: 'this.#find(undefined)',
		tests: suite('upgrade')
	},
	{
		file: `${folder}/hooks.ts`,
		name: 'a request of event.fetch is taken for the upgrade',
		find: ' || event.isSubRequest',
		replace: '',
		tests: suite('hooks')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'false lets in',
		find: 'if (data === false) return unauthorized();',
		replace: '',
		tests: suite('upgrade')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'a Response of another realm lets in',
		find: "Object.prototype.toString.call(value) === '[object Response]'",
		replace: 'value instanceof Response',
		tests: suite('upgrade')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'upgrade runs for nobody',
		find: 'if (this.#signal.aborted) return new Response(null, { status: 408 });',
		replace: '',
		tests: suite('upgrade', 'handshake')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'one cookie of several',
		find: "response.headers.append('set-cookie', cookie)",
		replace: "response.headers.set('set-cookie', cookie)",
		tests: suite('handshake')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'cookies of one name are one, whatever their path',
		find: 'JSON.stringify([name, options?.domain, options?.path])',
		replace: 'name',
		tests: suite('upgrade')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'a cookie that comes too late is lost without a word',
		find: "\tthrow new Error('Cookies cannot be set after the response has been generated');\n",
		replace: '',
		tests: suite('upgrade')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'a header that is set is not on the answer',
		find: 'for (const [name, value] of this.#headers ?? []) response.headers.set(name, value);',
		replace: '',
		tests: suite('upgrade')
	},
	{
		file: `${folder}/subprotocols.ts`,
		name: 'the order of the client decides',
		find: 'handler.protocols?.find((each) => offered.includes(each))',
		replace: 'offered.find((each) => handler.protocols?.includes(each))',
		tests: suite('subprotocols')
	},
	{
		file: `${folder}/subprotocols.ts`,
		name: 'a subprotocol that nobody has offered is spoken',
		find: "typeof chosen === 'string' && offered.includes(chosen)",
		replace: "typeof chosen === 'string'",
		tests: suite('subprotocols')
	},
	{
		file: `${folder}/subprotocols.ts`,
		name: 'the function that chooses is not awaited',
		find: '(await choice)',
		replace: 'choice',
		tests: suite('subprotocols')
	},
	{
		file: `${folder}/request.ts`,
		name: 'another version of the protocol is malformed',
		find: 'new Refusal(426,',
		replace: 'new Refusal(400,',
		tests: suite('request')
	},
	{
		file: `${folder}/origin.ts`,
		name: 'a scheme that is known does not count',
		find: 'if (isPinned) return origin === url.origin;',
		replace: '',
		tests: suite('origin')
	},
	{
		file: `${folder}/origin.ts`,
		name: 'an origin of the list that is written otherwise is let in',
		find: 'rules.allowedOrigins.includes(origin)',
		replace: 'rules.allowedOrigins.some((each) => origin.startsWith(each))',
		tests: suite('origin')
	},
	{
		file: `${folder}/paths.ts`,
		name: 'one-time keys are not below the base',
		find: 'encodeURI(base) + keyPath',
		replace: 'keyPath',
		tests: suite('paths')
	},
	{
		file: `${folder}/paths.ts`,
		name: 'the hook file comes before what was added at run time',
		find: 'this.#registry.endpoints?.match(pathname) ?? this.#routes?.match(pathname)',
		replace: 'this.#routes?.match(pathname) ?? this.#registry.endpoints?.match(pathname)',
		tests: suite('paths')
	},
	{
		file: `${folder}/paths.ts`,
		name: 'a plain visit to a path that was added is a 404',
		find: 'this.#registry.endpoints?.match(pathname) !== undefined ||',
		replace: '',
		tests: suite('paths')
	},
	{
		file: `${folder}/paths.ts`,
		name: 'a matcher that fails ends a plain visit',
		find: 'return new FailedVisit(error);',
		replace: 'return undefined;',
		tests: suite('paths')
	},
	{
		file: `${folder}/places.ts`,
		name: 'a place is given back twice',
		find: '			if (!isTaken) return false;\n',
		replace: '',
		tests: suite('handshake')
	},
	{
		file: `${folder}/places.ts`,
		name: 'whoever leaves keeps its place for a while',
		find: 'exchange.onAbort(leave);',
		replace: '',
		tests: suite('places')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'a redirect is shown as it is, which no script can read',
		find: 'status: isRedirect ? 403 : status',
		replace: 'status',
		tests: suite('probe')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'a page of another origin may not read when to come again',
		find: 'location, retry-after`',
		replace: 'location`',
		tests: suite('probe')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'an answer of the app has no mark',
		find: 'headers: [...others, ...marks]',
		replace: 'headers: others',
		tests: suite('probe')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'a probe offers no subprotocols',
		find: "this.#exchange.header(probeHeader)?.slice('1,'.length) || undefined",
		replace: 'undefined',
		tests: suite('probe')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'a page may name another origin than its browser',
		find: 'value ?? this.#exchange.header(pageOriginHeader)',
		replace: 'this.#exchange.header(pageOriginHeader) ?? value',
		tests: suite('probe')
	},
	{
		file: `${folder}/probe.ts`,
		name: 'any request of a browser across origins is a probe',
		find: 'name.trim().toLowerCase() === probeHeader',
		replace: "name.trim() !== ''",
		tests: suite('probe')
	},
	{
		file: `${folder}/heartbeat.ts`,
		name: 'the query of the app goes with ours',
		find: 'params.filter((param) => !isOurs(param))',
		replace: 'params.filter(() => false)',
		tests: suite('heartbeat')
	},
	{
		file: `${folder}/context.ts`,
		name: 'hooks of the socket are a part of the handshake',
		find: 'interceptions.run(undefined, () =>',
		replace: '((call) => call())(() =>',
		tests: suite('context')
	},
	{
		file: `${folder}/kept-request.ts`,
		name: 'the cookies of a socket are gone',
		find: 'this.#cookies = cookies.getAll();',
		replace: 'this.#cookies = [];',
		tests: suite('context')
	},
	{
		file: `${folder}/request-owner.ts`,
		name: 'the owner of what a hook does is the request',
		find: 'store instanceof SocketStore ? store.peer : new RequestOwner(store.event)',
		replace: 'new RequestOwner(store.event)',
		tests: suite('context')
	},
	{
		file: `${folder}/foreign-origins.ts`,
		name: 'each handshake of a foreign page is a line',
		find: ' || this.#told.has(pair)) return;',
		replace: ') return;',
		tests: suite('foreign-origins')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'a malformed handshake is let in',
		find: '\t\t\tcheckRequest(exchange);\n',
		replace: '',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'a path that cannot be decoded ends in the error page of Kit',
		find: 'if (!isDecodable(url.pathname)) throw noSocket();',
		replace: '',
		tests: suite('handshake')
	},
	{
		file: `${folder}/asking.ts`,
		name: 'a redirect of handle is tried at its other end',
		find: 'pending.isReached || location === null',
		replace: 'location === null',
		tests: suite('handshake')
	},
	{
		file: `${folder}/asking.ts`,
		name: 'every redirect before handle is followed',
		find: " || !response.headers.has('x-sveltekit-normalize')",
		replace: '',
		tests: suite('handshake')
	},
	{
		file: `${folder}/handshake.ts`,
		name: 'the address is that of the proxy',
		find: 'const address = ssr.clientAddress(exchange);',
		replace: 'const { address } = exchange;',
		tests: suite('handshake')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'handle sees the URL that Kit was shown',
		find: 'if (event.request !== this.#request) {',
		replace: 'if (false) {',
		tests: suite('upgrade')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'the subprotocols can be changed by upgrade',
		find: 'protocols: [...this.#protocols]',
		replace: 'protocols: this.#protocols',
		tests: suite('upgrade')
	},
	{
		file: `${folder}/upgrade.ts`,
		name: 'a header that handle has set twice has its last value',
		find: 'this.#headers.append(name, value)',
		replace: 'this.#headers.set(name, value)',
		tests: suite('upgrade')
	},
	{
		file: `${folder}/kept-request.ts`,
		name: 'a header of a request in a hook is gone',
		find: "this.#headers = headers.join('\\n');",
		replace: "this.#headers = '';",
		tests: suite('context')
	},
	{
		file: `${folder}/kept-request.ts`,
		name: 'a hook can fetch the app as whoever has opened the socket',
		find: 'if (new URL(request.url).origin === base.origin) {',
		replace: 'if (false) {',
		tests: suite('context')
	},
	{
		file: `${folder}/socket-store.ts`,
		name: 'a request in a hook is another one each time',
		find: 'return (this.#event ??= this.#request.toEvent(this.#opened));',
		replace: 'return this.#request.toEvent(this.#opened);',
		tests: suite('context')
	},
	{
		file: `${folder}/error-input.ts`,
		name: 'an error of the app is one that nobody expected',
		find: "if (isHttpError(error)) return { kind: 'app', error: error.body, event };",
		replace: '',
		tests: suite('context')
	}
];
