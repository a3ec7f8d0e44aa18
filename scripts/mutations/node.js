/** @param {string} name */
const unit = (name) => [`test/unit/src/engine/node/${name}.test.ts`];

const engine = ['test/conformance/engine/node.test.ts'];

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: 'src/server/engine/node/attachment.ts',
		name: 'takes upgrades after it was detached',
		find: 'if (this.#isDetached) socket.destroy();\n		else if',
		replace: 'if',
		tests: unit('attachment')
	},
	{
		file: 'src/server/engine/node/attachment.ts',
		name: 'stays on a server that it was detached from',
		find: "		this.#server.off('upgrade', this.#listener);\n",
		replace: '',
		tests: unit('attachment')
	},
	{
		file: 'src/server/engine/node/attachment.ts',
		name: 'stays in the doorway of a server that it was detached from',
		find: '		Doorway.of(this.#server).delete(this);\n',
		replace: '',
		tests: unit('attachment')
	},
	{
		file: 'src/server/engine/node/attachment.ts',
		name: 'takes what is perhaps somebody else’s at once',
		find: "isAt(req.url ?? '/') !== 'surely'",
		replace: "isAt(req.url ?? '/') === undefined",
		tests: unit('attachment')
	},
	{
		file: 'src/server/engine/node/attachment.ts',
		name: 'lets an error of a connection end the process',
		find: "	socket.on('error', () => {});\n",
		replace: '	void socket;\n',
		tests: unit('attachment')
	},
	{
		file: 'src/server/engine/node/attachment.ts',
		name: 'leaves a connection open when what takes it fails',
		find: '			socket.destroy();\n		});',
		replace: '		});',
		tests: unit('attachment')
	},
	{
		file: 'src/server/engine/node/attachment.ts',
		name: 'does not wait for others who may want an upgrade',
		find: 'if (claim.isTaken || (this.#mayWait(req) && (await claim.isTakenInTime()))) return;',
		replace: 'if (claim.isTaken) return;',
		tests: unit('attachment')
	},
	{
		file: 'src/server/engine/node/body.ts',
		name: 'waits for a body that somebody has read',
		find: 'if (req.readableDidRead) body.fail(alreadyRead(req));\n	else if',
		replace: 'if',
		tests: unit('body')
	},
	{
		file: 'src/server/engine/node/body.ts',
		name: 'does not wake a request that was paused',
		find: '	req.resume();\n',
		replace: '',
		tests: unit('body')
	},
	{
		file: 'src/server/engine/node/claim.ts',
		name: 'takes what a connection has carried before for an answer',
		find: 'socket.bytesWritten > this.#bytesWritten',
		replace: 'socket.bytesWritten > 0',
		tests: unit('claim')
	},
	{
		file: 'src/server/engine/node/claim.ts',
		name: 'waits for milliseconds instead of seconds',
		find: 'const patience = 5000;',
		replace: 'const patience = 5;',
		tests: unit('claim')
	},
	{
		file: 'src/server/engine/node/connections.ts',
		name: 'tells only the first request of a connection that the client is gone',
		find: '			known.waiting.add(request);\n',
		replace: '',
		tests: engine,
		only: 'node: pipelined'
	},
	{
		file: 'src/server/engine/node/connections.ts',
		name: 'has one listener more for each request of a connection',
		find: "		socket.off('close', connection.onClose);\n",
		replace: '',
		tests: unit('connections')
	},
	{
		file: 'src/server/engine/node/doorway.ts',
		name: 'stands before a server that nobody of ours is on',
		find: '		this.#leaveEvents();\n',
		replace: '',
		tests: unit('attachment')
	},
	{
		file: 'src/server/engine/node/doorway.ts',
		name: 'takes away what somebody else has put in front',
		find: '			if (server.emit !== watched) return;\n',
		replace: '',
		tests: unit('attachment')
	},
	{
		file: 'src/server/engine/node/doorway.ts',
		name: 'takes a request that offers h2c for an upgrade',
		find: 'this.#isUpgrade(req) && before.call(server, req)',
		replace: 'before.call(server, req)',
		tests: unit('attachment')
	},
	{
		file: 'src/server/engine/node/exchange.ts',
		name: 'never learns that the last byte of an answer is out',
		find: "		EventEmitter.prototype.on.call(res, 'finish', settle);\n",
		replace: '',
		tests: engine,
		only: 'node: upgrades'
	},
	{
		file: 'src/server/engine/node/exchange.ts',
		name: 'never learns that a client has left',
		find: "		EventEmitter.prototype.on.call(res, 'close', settle);\n",
		replace: '',
		tests: engine,
		only: 'node: (requests|responses)'
	},
	{
		file: 'src/server/engine/node/exchange.ts',
		name: 'is not told that a client has left whose answer waits behind another one',
		find: '		if (res.socket === null) connections.add(req.socket, this);\n',
		replace: '',
		tests: unit('server')
	},
	{
		file: 'src/server/engine/node/exchange.ts',
		name: 'is never done with an answer',
		find: '		this.#onSettled?.();\n',
		replace: '',
		tests: unit('server')
	},
	{
		file: 'src/server/engine/node/exchange.ts',
		name: 'keeps the connection of a refused request alive',
		find: "new NodeSink(this.res, this, status, [['connection', 'close']]).finish();",
		replace: 'new NodeSink(this.res, this, status, []).finish();',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/node/group.ts',
		name: 'forgets no connection that is gone',
		find: '			this.#connections.delete(connection);\n',
		replace: '',
		tests: unit('group')
	},
	{
		file: 'src/server/engine/node/group.ts',
		name: 'keeps sockets whose connection is gone',
		find: '			this.#sockets.delete(connection);\n',
		replace: '',
		tests: unit('group')
	},
	{
		file: 'src/server/engine/node/group.ts',
		name: 'closes sockets that are closing',
		find: 'if (socket.isOpen) yield socket;',
		replace: 'yield socket;',
		tests: unit('group')
	},
	{
		file: 'src/server/engine/node/group.ts',
		name: 'leaves handshakes when it cuts',
		find: 'for (const connection of this.#connections) connection.destroy();',
		replace: 'for (const connection of this.#sockets.keys()) connection.destroy();',
		tests: unit('group')
	},
	{
		file: 'src/server/engine/node/headers.ts',
		name: 'says the host twice over HTTP/2',
		find: "else if (name === 'host' && value.toLowerCase() === authority) continue;\n		else if",
		replace: 'else if',
		tests: ['test/conformance/engine/node-http2.test.ts']
	},
	{
		file: 'src/server/engine/node/headers.ts',
		name: 'forgets cookies that middleware has set',
		find: 'values.get(key) ?? (shared.has(key) ? toList(res.getHeader(key)) : undefined)',
		replace: 'values.get(key)',
		tests: unit('headers')
	},
	{
		file: 'src/server/engine/node/headers.ts',
		name: 'adds to a header of middleware that has one value',
		find: '(shared.has(key) ? toList(res.getHeader(key)) : undefined)',
		replace: 'toList(res.getHeader(key))',
		tests: unit('headers')
	},
	{
		file: 'src/server/engine/node/http2.ts',
		name: 'ends a stream that fails as if it were whole',
		find: "if ('stream' in res) res.stream.destroy(new Error('The answer failed'));\n	else",
		replace: "if ('stream' in res) res.stream.end();\n	else",
		tests: ['test/conformance/engine/node-http2.test.ts']
	},
	{
		file: 'src/server/engine/node/index.ts',
		name: 'counts the time of an idle connection in milliseconds',
		find: 'keepAliveTimeout * 1000',
		replace: 'keepAliveTimeout',
		tests: unit('server')
	},
	{
		file: 'src/server/engine/node/index.ts',
		name: 'counts the time for the head of a request in milliseconds',
		find: 'headersTimeout * 1000',
		replace: 'headersTimeout',
		tests: unit('server')
	},
	{
		file: 'src/server/engine/node/index.ts',
		name: 'leaves connections open when it closes',
		find: '		this.#server?.closeAllConnections();\n',
		replace: '',
		tests: engine,
		only: 'node: listening'
	},
	{
		file: 'src/server/engine/node/index.ts',
		name: 'leaves sockets open when it closes',
		find: '		this.#sockets?.close();\n		this.#server',
		replace: '		this.#server',
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/node/index.ts',
		name: 'goes on to accept connections when it stops',
		find: '() => void this.#server?.close()',
		replace: '() => {}',
		tests: engine,
		only: 'node: listening'
	},
	{
		file: 'src/server/engine/node/index.ts',
		name: 'answers somebody who has left before the request came',
		find: '		if (req.socket.destroyed) return;\n',
		replace: '',
		tests: unit('server')
	},
	{
		file: 'src/server/engine/node/index.ts',
		name: 'leaves a connection without an answer that cannot be one',
		find: '		else socket.destroy();\n	}\n\n	publish',
		replace: '	}\n\n	publish',
		tests: engine,
		only: 'node: upgrades'
	},
	{
		file: 'src/server/engine/pulse.ts',
		name: 'drops a peer that takes what is queued',
		find: ' || pending < this.#pending',
		replace: '',
		tests: ['test/unit/src/engine/pulse.test.ts']
	},
	{
		file: 'src/server/engine/pulse.ts',
		name: 'drops a peer one look too early',
		find: 'this.#silentLooks >= this.#patience',
		replace: 'this.#silentLooks + 1 >= this.#patience',
		tests: ['test/unit/src/engine/pulse.test.ts']
	},
	{
		file: 'src/server/engine/pulse.ts',
		name: 'pings once',
		find: '		this.#untilPing = looksPerPing;\n		if',
		replace: '		if',
		tests: ['test/unit/src/engine/pulse.test.ts']
	},
	{
		file: 'src/server/engine/node/sink.ts',
		name: 'does not wait until a client takes more',
		find: '		if (!hasRoom) await this.#drained();\n',
		replace: '		void hasRoom;\n',
		tests: engine,
		only: 'node: responses'
	},
	{
		file: 'src/server/engine/node/sink.ts',
		name: 'waits for more room when the client has left',
		find: '			this.#exchange.onAbort(() => this.#wake());\n',
		replace: '',
		tests: [...engine, 'test/conformance/engine/node-http2.test.ts'],
		only: 'node: (responses|files)|over HTTP/2'
	},
	{
		file: 'src/server/engine/node/sink.ts',
		name: 'keeps the headers of an answer that failed',
		find: '		for (const [name] of this.#headers) this.#res.removeHeader(name);\n',
		replace: '',
		tests: unit('sink')
	},
	{
		file: 'src/server/engine/node/sink.ts',
		name: 'leaves the rest of a request that nobody reads on the connection',
		find: '		this.#exchange.incoming?.resume();\n',
		replace: '',
		tests: unit('server')
	},
	{
		file: 'src/server/engine/node/frame.ts',
		name: 'says the length of a message in too few bytes',
		find: 'if (payloadLength < 126) return 2;',
		replace: 'if (payloadLength <= 126) return 2;',
		tests: unit('frame')
	},
	{
		file: 'src/server/engine/node/sockets.ts',
		name: 'publishes to the sender too',
		find: 'if (member !== sender) member.deliver(frame, compress);',
		replace: 'member.deliver(frame, compress);',
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/node/outlet.ts',
		name: 'lets messages overtake what is compressed',
		find: 'if (this.#isCompressing) this.#compress(',
		replace: 'if (isCompressed) this.#compress(',
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/node/outlet.ts',
		name: 'does not hear when a message that was not taken at once has left',
		find: "		this.#connection.write('', this.#track());\n",
		replace: '',
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/node/outlet.ts',
		name: 'lets out each message by itself',
		find: '		if (this.#batched > maxBatch) this.#letOut();\n',
		replace: '		this.#letOut();\n',
		tests: ['test/conformance/engine/node-queue.test.ts']
	},
	{
		file: 'src/server/engine/node/outlet.ts',
		name: 'takes what is to leave together for what the peer does not take',
		find: 'return this.#batched > 0 ? 0 : this.#ws.bufferedAmount;',
		replace: 'return this.#ws.bufferedAmount;',
		tests: ['test/conformance/engine/node-queue.test.ts']
	},
	{
		file: 'src/server/engine/node/outlet.ts',
		name: 'takes what is compressed for a part of what leaves together',
		find: '		this.flush();\n		const isCompressed',
		replace: '		const isCompressed',
		tests: ['test/conformance/engine/node-queue.test.ts']
	},
	{
		file: 'src/server/engine/node/socket.ts',
		name: 'loses what was published right before it is cut',
		find: '		this.#outlet.flush();\n		this.#ws.terminate();',
		replace: '		this.#ws.terminate();',
		tests: ['test/conformance/engine/node-queue.test.ts']
	},
	{
		file: 'src/server/engine/node/socket.ts',
		name: 'waits for the end of the turn to say goodbye',
		find: '		this.#outlet.flush();\n		const goodbye',
		replace: '		const goodbye',
		tests: ['test/conformance/engine/node-queue.test.ts', ...engine],
		only: 'what was published before'
	},
	{
		file: 'src/server/engine/node/socket.ts',
		name: 'takes the pulse of a socket that has ended',
		find: '		this.#hub.heartbeat.delete(this.#pulse);\n',
		replace: '',
		tests: unit('socket')
	},
	{
		file: 'src/server/engine/node/socket.ts',
		name: 'leaves a socket that has ended on its topics',
		find: '		this.#hub.topics.leave(this);\n',
		replace: '',
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/node/socket.ts',
		name: 'closes a socket whose queue is not empty as ws does',
		find: 'if (this.#ws.bufferedAmount > 0) this.#hub.leaving.add(this);\n		else this.leave();',
		replace: 'this.leave();',
		tests: engine,
		only: 'node: a socket that is closed'
	},
	{
		file: 'src/server/engine/node/socket.ts',
		name: 'keeps sockets that have left among those that leave',
		find: '		this.#hub.leaving.delete(this);\n',
		replace: '',
		tests: engine,
		only: 'node: a socket that is closed'
	},
	{
		file: 'src/server/engine/node/outlet.ts',
		name: 'queues without a limit',
		find: 'return bytes + messages * messageOverhead > this.#hub.maxBackpressure;',
		replace: 'return bytes + messages < 0;',
		tests: [...engine, 'test/conformance/engine/node-queue.test.ts'],
		only: 'what is lost|queue'
	},
	{
		file: 'src/server/engine/node/outlet.ts',
		name: 'counts only the bytes of what is queued',
		find: 'bytes + messages * messageOverhead >',
		replace: 'bytes + messages * 0 >',
		tests: ['test/conformance/engine/node-queue.test.ts']
	},
	{
		file: 'src/server/engine/node/socket.ts',
		name: 'tells of each message that is lost',
		find: 'if (this.dropped === 1) {',
		replace: 'if (this.dropped > 0) {',
		tests: engine,
		only: 'node: what is lost'
	},
	{
		file: 'src/server/engine/node/socket.ts',
		name: 'tells of a loss at once',
		find: '			setImmediate(() => {\n				if (this.isOpen)',
		replace: '			[0].forEach(() => {\n				if (this.isOpen)',
		tests: engine,
		only: 'node: what is lost'
	},
	{
		file: 'src/server/engine/node/socket.ts',
		name: 'never says that a queue is empty again',
		find: "else if (this.isOpen) this.#guard('drain', () => this.#events.drain());",
		replace: '',
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/node/sockets.ts',
		name: 'lets ws wait as long as it likes for the answer to a close frame',
		find: '			closeTimeout,\n',
		replace: '',
		tests: ['test/conformance/engine/node-patience.test.ts'],
		only: 'cuts a client that never answers'
	},
	{
		file: 'src/server/engine/pulse.ts',
		name: 'drops a peer in an eighth of the time that it may be silent',
		find: '(idleTimeout * 1000) / heartbeat.round',
		replace: '(idleTimeout * 125) / heartbeat.round',
		tests: unit('socket')
	},
	{
		file: 'src/server/engine/pulse.ts',
		name: 'drops everybody at once where nobody is to be dropped',
		find: 'idleTimeout === 0 ? Infinity :',
		replace: '',
		tests: unit('socket')
	},
	{
		file: 'src/server/engine/node/sockets.ts',
		name: 'takes messages of any size',
		find: '			maxPayload: options.maxPayload,\n',
		replace: '',
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/node/sockets.ts',
		name: 'loses the headers of a 101',
		find: 'lines.push(`${name}: ${value}`);',
		replace: 'void lines, name, value;',
		tests: engine,
		only: 'node: upgrades'
	},
	{
		file: 'src/server/engine/node/sockets.ts',
		name: 'sends the headers of a 101 as UTF-8',
		find: "	if (!isAscii) socket.setDefaultEncoding('latin1');\n",
		replace: '',
		tests: engine,
		only: 'node: upgrades'
	},
	{
		file: 'src/server/engine/node/sockets.ts',
		name: 'forgets a socket that it has to cut',
		find: '		this.connected.add(socket);\n',
		replace: '',
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/node/sockets.ts',
		name: 'sends text as latin1',
		find: "	if (!isAscii) socket.setDefaultEncoding('utf8');\n",
		replace: '',
		tests: engine,
		only: 'node: (upgrades|sockets)',
		equivalent: 'every text is handed to ws as bytes; only a string would be encoded'
	},
	{
		file: 'src/server/engine/node/socket.ts',
		name: 'hears messages after the socket has ended',
		find: "if (this.isOpen) this.#guard('message'",
		replace: "this.#guard('message'",
		tests: engine,
		only: 'node: (sockets|a socket that is closed)'
	},
	{
		file: 'src/server/engine/node/owned.ts',
		name: 'blames what was too large for a broken rule',
		find: "? 'too_big' : 'invalid'",
		replace: "? 'invalid' : 'invalid'",
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/node/owned.ts',
		name: 'gives the app a buffer that holds other things too',
		find: 'return isWhole ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);',
		replace: 'return isWhole ? new Uint8Array(bytes.buffer) : bytes;',
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/node/upgrade.ts',
		name: 'keeps whatever a client sends before it is let in',
		find: 'if (this.#earlyBytes > maxEarly) this.#socket.pause();',
		replace: '',
		tests: ['test/conformance/engine/node-early.test.ts']
	},
	{
		file: 'src/server/engine/node/upgrade.ts',
		name: 'never reads a client again that was paused',
		find: 'if (isOpen && this.#earlyBytes > maxEarly) this.#socket.resume();',
		replace: '',
		tests: ['test/conformance/engine/node-early.test.ts']
	},
	{
		file: 'src/server/engine/node/upgrade.ts',
		name: 'loses what a client sends before it is let in',
		find: 'const early = Buffer.concat(this.#early);',
		replace: 'const early = Buffer.concat(this.#early.slice(0, 1));',
		tests: ['test/conformance/engine/node-early.test.ts']
	},
	{
		file: 'src/server/engine/node/upgrade.ts',
		name: 'goes on to keep what ws reads',
		find: "		this.#socket.off('data', this.#keep);\n",
		replace: '',
		tests: ['test/conformance/engine/node-early.test.ts', ...unit('upgrade')]
	},
	{
		file: 'src/server/engine/node/upgrade.ts',
		name: 'does not notice that a client leaves before it was let in',
		find: "		socket.on('end', this.#leave);\n",
		replace: '',
		tests: engine,
		only: 'node: upgrades'
	},
	{
		file: 'src/server/engine/node/upgrade.ts',
		name: 'stops in the middle of an answer that the connection does not take at once',
		find: "		socket.on('drain', this.#drain);\n",
		replace: '',
		tests: engine,
		only: 'node: upgrades'
	},
	{
		file: 'src/server/engine/node/upgrade.ts',
		name: 'waits for a client that it has refused and that goes on to send',
		find: 'req.socket.destroySoon();',
		replace: 'req.socket.end();',
		tests: ['test/conformance/engine/node-refused.test.ts']
	},
	{
		file: 'src/server/engine/node/upgrade.ts',
		name: 'takes an upgrade whose connection still has another answer',
		find: "if ((error as NodeJS.ErrnoException).code === 'ERR_HTTP_SOCKET_ASSIGNED') return undefined;",
		replace: '',
		tests: engine,
		only: 'node: upgrades'
	}
];
