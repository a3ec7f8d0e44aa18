const engine = ['test/conformance/engine/uws.test.ts'];
const sink = ['test/unit/src/engine/uws/sink.test.ts'];
const sockets = ['test/unit/src/engine/uws/sockets.test.ts'];

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: 'src/server/engine/uws/address.ts',
		name: 'writes an address of IPv6 as numbers',
		find: 'if (bytes.byteLength !== 16)',
		replace: 'if (bytes.byteLength !== 17)',
		tests: ['test/unit/src/engine/uws/address.test.ts']
	},
	{
		file: 'src/server/engine/uws/latin1.ts',
		name: 'gives the app headers as UTF-8',
		find: "Buffer.from(value, 'utf8').toString('latin1')",
		replace: 'value',
		tests: ['test/unit/src/engine/uws/latin1.test.ts']
	},
	{
		file: 'src/server/engine/uws/exchange.ts',
		name: 'loses a query',
		find: 'query === undefined ? req.getUrl() : `${req.getUrl()}?${query}`',
		replace: 'req.getUrl()',
		tests: engine,
		only: 'uws: requests'
	},
	{
		file: 'src/server/engine/uws/exchange.ts',
		name: 'keeps chunks of a body that uWS takes back',
		find: 'new Uint8Array(chunk.slice(0))',
		replace: 'new Uint8Array(chunk)',
		tests: engine,
		only: 'uws: requests'
	},
	{
		file: 'src/server/engine/uws/exchange.ts',
		name: 'never ends a body',
		find: '			if (isLast) body.end();\n',
		replace: '',
		tests: engine,
		only: 'uws: requests'
	},
	{
		file: 'src/server/engine/uws/exchange.ts',
		name: 'leaves the connection of a refused request open',
		find: ".end('', true)",
		replace: ".end('')",
		tests: engine,
		only: 'uws: requests'
	},
	{
		file: 'src/server/engine/uws/exchange.ts',
		name: 'refuses a request in its own turn',
		find: "		setImmediate(() => {\n			if (this.aborted) return;\n			this.#res.cork(() => this.#res.writeStatus(statusLine(status)).end('', true));\n		});",
		replace: "		this.#res.cork(() => this.#res.writeStatus(statusLine(status)).end('', true));",
		tests: engine,
		only: 'uws: requests'
	},
	{
		file: 'src/server/engine/uws/exchange.ts',
		name: 'answers a refused client that has left',
		find: '			if (this.aborted) return;\n',
		replace: '',
		tests: engine,
		only: 'uws: requests'
	},
	{
		file: 'src/server/engine/uws/exchange.ts',
		name: 'loses the headers of a 101',
		find: 'joinHead(101, headers)',
		replace: 'joinHead(101, [])',
		tests: engine,
		only: 'uws: upgrades'
	},
	{
		file: 'src/server/engine/uws/exchange.ts',
		name: 'sends HEAD the body of an answer that never changes',
		find: '		if (!hasBody(this.method, head.status)) return undefined;\n',
		replace: '',
		tests: engine,
		only: 'uws: responses'
	},
	{
		file: 'src/server/engine/uws/exchange.ts',
		name: 'keeps connections alive when the server stops, for answers that never change',
		find: 'if (!Object.isFrozen(head) || this.#host.stopping.hasBegun) return undefined;',
		replace: 'if (!Object.isFrozen(head)) return undefined;',
		tests: engine,
		only: 'uws: responses'
	},
	{
		file: 'src/server/engine/uws/exchange.ts',
		name: 'does not answer with the subprotocol',
		find: "head.protocol ?? ''",
		replace: "''",
		tests: engine,
		only: 'uws: upgrades'
	},
	{
		file: 'src/server/engine/uws/index.ts',
		name: 'shares its port with another process',
		find: 'isShared ? 0 : this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT',
		replace: '0',
		tests: engine,
		only: 'uws: listening'
	},
	{
		file: 'src/server/engine/uws/index.ts',
		name: 'goes on to accept connections when it stops',
		find: '		this.#uws.us_listen_socket_close(this.#listenSocket);\n',
		replace: '',
		tests: engine,
		only: 'uws: listening'
	},
	{
		file: 'src/server/engine/uws/index.ts',
		name: 'leaves connections open when it closes',
		find: '		this.#app.close();\n',
		replace: '',
		tests: engine,
		only: 'uws: (listening|sockets > lets open)'
	},
	{
		file: 'src/server/engine/uws/index.ts',
		name: 'leaves the file of its unix socket behind',
		find: '		this.#removeSocketFile();\n',
		replace: '',
		tests: engine,
		only: 'unix sockets of uws'
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'writes slices of 64 KiB',
		find: 'const sliceSize = 15 * 1024;',
		replace: 'const sliceSize = 64 * 1024;',
		tests: sink
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'writes a large head and a body that fits without it in one cork',
		find: 'this.#head.length + byteLength > sliceSize',
		replace: 'byteLength > sliceSize',
		tests: sink
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'writes the head with a large slice',
		find: '		if (bytes && !this.#hasHead && this.#isLarge(bytes)) this.#res.cork(() => this.#writeHead());\n',
		replace: '',
		tests: sink
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'goes on to write while the client takes nothing',
		find: '		if (!isFlowing && !end) this.#room =',
		replace: '		if (!isFlowing && !end) void',
		tests: sink
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'ends an answer while the client takes nothing',
		find: '		if (this.#room) return this.#room.then(() => this.finish());\n',
		replace: '',
		tests: sink
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'writes each chunk by itself',
		find: '		this.#gather(chunk);\n',
		replace: '		this.#gather(chunk);\n		this.#flush();\n',
		tests: sink
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'forgets what it has gathered when an answer fails',
		find: '		this.#flush();\n		if (this.#hasHead) {',
		replace: '		if (this.#hasHead) {',
		tests: sink
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'sends a slice again from its start',
		find: 'chunk.subarray(offset - start), offset',
		replace: 'chunk, offset',
		tests: sink
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'takes an answer for complete of which something is left',
		find: '		if (isLast && isTaken) this.#exchange.beforeEnd();',
		replace: '		if (isLast) this.#exchange.beforeEnd();',
		tests: sink
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'takes an empty chunk for the end',
		find: 'if (this.#exchange.aborted || chunk.byteLength === 0) return settled;',
		replace: 'if (this.#exchange.aborted) return settled;',
		tests: sink
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'waits for a client that has left',
		find: '		this.#exchange.onAbort(() => this.#wake?.(0));\n',
		replace: '',
		tests: engine,
		only: 'uws: (responses|files)'
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'answers 500 in the middle of an answer',
		find: '		if (this.#hasHead) {\n			this.#res.close();\n			return;\n		}\n',
		replace: '',
		tests: engine,
		only: 'uws: responses'
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'lets uWS cut a client that pauses',
		find: 'const timer = setInterval(() => this.#rearm(), rearmInterval);',
		replace: 'const timer = setInterval(() => {}, rearmInterval);',
		tests: ['test/conformance/engine/uws-patience.test.ts'],
		only: 'keeps a stream whose client stops reading for a while'
	},
	{
		file: 'src/server/engine/uws/sink.ts',
		name: 'does not announce the length to HEAD',
		find: '			if (contentLength !== undefined) {',
		replace: '			if (contentLength === -1) {',
		tests: engine,
		only: 'uws: responses'
	},
	{
		file: 'src/server/engine/uws/socket.ts',
		name: 'takes 0 of uWS for a message that is lost',
		find: "['queued', 'sent', 'dropped']",
		replace: "['dropped', 'sent', 'queued']",
		tests: engine,
		only: 'uws: what is lost'
	},
	{
		file: 'src/server/engine/uws/socket.ts',
		name: 'throws the queue away with the close frame',
		find: 'if (ws.getBufferedAmount() > 0) this.#wait(end);',
		replace: 'if (ws.getBufferedAmount() < 0) this.#wait(end);',
		tests: engine,
		only: 'uws: a socket that is closed'
	},
	{
		file: 'src/server/engine/uws/socket.ts',
		name: 'counts a ping that is lost as a message',
		find: 'if (this.#isOpen && this.#ws.ping(data) === 2) this.dropped -= 1;',
		replace: 'if (this.#isOpen) this.#ws.ping(data);',
		tests: engine,
		only: 'uws: what is lost'
	},
	{
		file: 'src/server/engine/uws/socket.ts',
		name: 'pings whoever has not taken what is queued',
		find: '		if (this.bufferedAmount === 0) this.ping();',
		replace: '		this.ping();',
		tests: sockets
	},
	{
		file: 'src/server/engine/uws/socket.ts',
		name: 'leaves a socket that leaves on its topics',
		find: '	#wait(end: () => void): void {\n		this.#partFromAll();',
		replace: '	#wait(end: () => void): void {',
		tests: engine,
		only: 'uws: a socket that is closed'
	},
	{
		file: 'src/server/engine/uws/socket.ts',
		name: 'loses the topics of a socket that was slow',
		find: 'for (const topic of this.#hub.slow.leave(this)) this.subscribe(topic);',
		replace: 'this.#hub.slow.leave(this);',
		tests: engine,
		only: 'uws: what is lost'
	},
	{
		file: 'src/server/engine/uws/socket.ts',
		name: 'publishes to the sender too',
		find: '		this.#ws.publish(topic, bytes, isBinary, compress);\n		return true;',
		replace: '		return false;',
		tests: engine,
		only: 'uws: sockets (?!.*says why)'
	},
	{
		file: 'src/server/engine/uws/sockets.ts',
		name: 'has the default idle timeout, whatever is configured',
		find: 'idleTimeout: toIdleTimeout(idleTimeout)',
		replace: 'idleTimeout: toIdleTimeout(idleTimeout === 0 ? 0 : 120)',
		tests: ['test/conformance/engine/uws-patience.test.ts'],
		only: 'pings early'
	},
	{
		file: 'src/server/engine/inherited.ts',
		name: 'hands an idle timeout to uWS that ends the process',
		find: 'Math.min(seconds + 4, 960)',
		replace: 'seconds + 4',
		tests: ['test/unit/src/engine/inherited.test.ts']
	},
	{
		file: 'src/server/engine/inherited.ts',
		name: 'drops a socket earlier than it may be silent',
		find: 'Math.min(seconds + 4, 960)',
		replace: 'Math.min(seconds, 960)',
		tests: ['test/unit/src/engine/inherited.test.ts']
	},
	{
		file: 'src/server/engine/uws/sockets.ts',
		name: 'takes messages of any size',
		find: 'maxPayloadLength: maxPayload,',
		replace: 'maxPayloadLength: 16 * 1024 * 1024,',
		tests: engine,
		only: 'ends a socket that sends more than it may'
	},
	{
		file: 'src/server/engine/uws/sockets.ts',
		name: 'does not tell who has ended',
		find: "		this.#dispatcher.guard('close', tell);\n",
		replace: '',
		tests: engine,
		only: 'uws: sockets (?!.*says why)'
	},
	{
		file: 'src/server/engine/uws/sockets.ts',
		name: 'pings sockets that have ended',
		find: '		this.#heartbeat.delete(socket);\n',
		replace: '',
		tests: sockets
	},
	{
		file: 'src/server/engine/uws/sockets.ts',
		name: 'gives the app a buffer that uWS takes back',
		find: 'new Uint8Array(message.slice(0))',
		replace: 'new Uint8Array(message)',
		tests: engine,
		only: 'uws: sockets (?!.*says why)'
	},
	{
		file: 'src/server/engine/uws/sockets.ts',
		name: 'publishes after the end',
		find: '		if (this.#isClosed) return;\n',
		replace: '',
		tests: sockets
	},
	{
		file: 'src/server/engine/uws/sockets.ts',
		name: 'tells of each message that is lost',
		find: '			if (socket.hasOverflown) continue;\n',
		replace: '',
		tests: engine,
		only: 'uws: what is lost'
	},
	{
		file: 'src/server/engine/uws/sockets.ts',
		name: 'tells of a queue that is not empty yet',
		find: '		if (ws.getBufferedAmount() > 0) return;\n		const { events',
		replace: '		const { events',
		tests: sockets
	},
	{
		file: 'src/server/engine/uws/sockets.ts',
		name: 'does not compress where that is turned on',
		find: 'compression: compression ?',
		replace: 'compression: compression === undefined ?',
		tests: engine,
		only: 'uws: sockets > compresses'
	}
];
