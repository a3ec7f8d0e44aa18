/** @param {string} name */
const unit = (name) => [`test/unit/src/engine/${name}.test.ts`];

/** What all engines share is tested on one of them. */
const engine = ['test/conformance/engine/node.test.ts'];
const uws = ['test/conformance/engine/uws.test.ts'];

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: 'src/server/engine/base-exchange.ts',
		name: 'gives the last of a repeated header',
		find: 'found = found === undefined ? value : `${found}, ${value}`;',
		replace: 'found = value;',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/base-exchange.ts',
		name: 'cuts a connection whose answer is complete',
		find: 'if (this.#isEnded || this.isAccepted || this.#aborted) return;',
		replace: 'if (this.isAccepted || this.#aborted) return;',
		tests: uws,
		only: 'uws: responses'
	},
	{
		file: 'src/server/engine/base-exchange.ts',
		name: 'tells of an end, and leaves the connection open',
		find: '		this.closeConnection();\n	}\n\n	send',
		replace: '	}\n\n	send',
		tests: engine,
		only: 'node: responses'
	},
	{
		file: 'src/server/engine/base-exchange.ts',
		name: 'keeps connections alive when the server stops',
		find: "[...headers, ['connection', 'close']]",
		replace: '[...headers]',
		tests: engine,
		only: 'node: listening'
	},
	{
		file: 'src/server/engine/base-exchange.ts',
		name: 'does not throw the rest of a body away when the answer is complete',
		find: '		this.#body?.release();\n',
		replace: '',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/base-exchange.ts',
		name: 'gives a request with a length of zero a body',
		find: 'return length !== undefined && Number(length) !== 0;',
		replace: 'return length !== undefined;',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/base-exchange.ts',
		name: 'tells twice that a client has left',
		find: '		if (this.#aborted) return;\n		this.#abort(\n',
		replace: '		this.#abort(\n',
		tests: engine,
		only: 'node: (responses|pipelined)'
	},
	{
		file: 'src/server/engine/base-exchange.ts',
		name: 'lets whoever reads a body wait when the client has left',
		find: '		this.#body?.abort(reason);\n',
		replace: '',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/dispatch.ts',
		name: 'answers what follows a refused request on its connection',
		find: '		if (connection) this.#refused.add(connection);\n',
		replace: '',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/dispatch.ts',
		name: 'leaves a request without an answer whose handler fails',
		find: '		exchange.send({ status: 500, headers: [] }, null).catch(() => {});\n',
		replace: '',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/dispatch.ts',
		name: 'answers twice when a handler fails after its answer',
		find: '		if (exchange.isAnswered) return;\n',
		replace: '',
		tests: uws,
		only: 'uws: requests'
	},
	{
		file: 'src/server/engine/dispatch.ts',
		name: 'lets a rejection of a handler end the process',
		find: 'if (answer !== settled) answer?.catch((error: unknown) => this.#fail(error, exchange));',
		replace: 'void answer;',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/file.ts',
		name: 'reads beyond the end of a range',
		find: 'Math.min(chunkSize, end - position)',
		replace: 'chunkSize',
		tests: engine,
		only: 'node: files',
		equivalent: 'what is read of it beyond is cut off before it is sent; only the disk reads more'
	},
	{
		file: 'src/server/engine/file.ts',
		name: 'sends what happens to be in memory where a file has become shorter',
		find: 'value: buffer.subarray(0, bytesRead)',
		replace: 'value: buffer',
		tests: engine,
		only: 'node: files'
	},
	{
		file: 'src/server/engine/file.ts',
		name: 'leaves files open',
		find: 'cancel: () => handle.close()',
		replace: 'cancel: () => Promise.resolve(handle).then(() => {})',
		tests: engine,
		only: 'node: files'
	},
	{
		file: 'src/server/engine/send.ts',
		name: 'leaves a file open after its answer',
		find: '		await cancel(file);\n',
		replace: '',
		tests: engine,
		only: 'node: files'
	},
	{
		file: 'src/server/engine/send.ts',
		name: 'leaves a file open whose answer was cut',
		find: '	try {\n		await pump(sink, exchange, file, body.length);\n	} finally {\n		await cancel(file);\n	}',
		replace:
			'	await pump(sink, exchange, file, body.length);\n	if (!exchange.aborted) await cancel(file);',
		tests: engine,
		only: 'node: files'
	},
	{
		file: 'src/server/engine/send.ts',
		name: 'leaves a connection open whose answer fails in the middle',
		find: '		(sink ?? createSink(500, [])).fail();\n		throw error;\n',
		replace: '		throw error;\n',
		tests: engine,
		only: 'node: responses'
	},
	{
		file: 'src/server/engine/send.ts',
		name: 'says nothing of an answer that fails',
		find: '		throw error;\n',
		replace: '',
		tests: engine,
		only: 'node: (responses|files)'
	},
	{
		file: 'src/server/engine/send.ts',
		name: 'announces a length for what has none',
		find: "sink.endWithoutBody(exchange.method === 'HEAD' ? length : undefined);",
		replace: 'sink.endWithoutBody(length ?? 0);',
		tests: engine,
		only: 'node: responses'
	},
	{
		file: 'src/server/engine/send.ts',
		name: 'sends the body of a 205',
		find: "status === 205 ? '' : (body ?? '')",
		replace: "body ?? ''",
		tests: engine,
		only: 'node: responses'
	},
	{
		file: 'src/server/engine/send.ts',
		name: 'reads on while the client takes nothing',
		find: 'await (length === undefined ? sink.write(chunk) : sink.writeSized(chunk, length));',
		replace: 'void (length === undefined ? sink.write(chunk) : sink.writeSized(chunk, length));',
		tests: engine,
		only: 'node: responses'
	},
	{
		file: 'src/server/engine/send.ts',
		name: 'does not cancel a stream whose client has left',
		find: '	exchange.onAbort((reason) => void cancel(source, reason));\n',
		replace: '',
		tests: engine,
		only: 'node: responses'
	},
	{
		file: 'src/server/engine/send.ts',
		name: 'sends more than was declared',
		find: 'length === undefined ? value : value.subarray(0, length - sent)',
		replace: 'value',
		tests: engine,
		only: 'node: responses'
	},
	{
		file: 'src/server/engine/send.ts',
		name: 'takes a body that is too short for a whole one',
		find: '	else if (sent < length) throw shortBody(sent, length);\n',
		replace: '',
		tests: engine,
		only: 'node: responses'
	},
	{
		file: 'src/server/engine/headers.ts',
		name: 'sends a header that breaks the line',
		find: 'if (!token.test(name) || unsendable.test(value)) throw badHeader(name, value);',
		replace: 'if (!token.test(name)) throw badHeader(name, value);',
		tests: unit('headers')
	},
	{
		file: 'src/server/engine/headers.ts',
		name: 'writes the value of a header that cannot be sent into the log',
		find: 'return `${name}, character ${index + 1}: U+${code}`;',
		replace: 'return `${name}: ${value}, ${code}`;',
		tests: unit('headers')
	},
	{
		file: 'src/server/engine/headers.ts',
		name: 'lets the app write headers that are the engine’s',
		find: '		if (engineHeaders.has(name.toLowerCase())) continue;\n',
		replace: '',
		tests: unit('headers')
	},
	{
		file: 'src/server/engine/heartbeat.ts',
		name: 'goes on when the last member has gone',
		find: '		if (this.#size === 0) this.stop();\n',
		replace: '',
		tests: unit('heartbeat')
	},
	{
		file: 'src/server/engine/heartbeat.ts',
		name: 'counts a member that it does not have',
		find: '		if (!this.#has(member)) return;\n',
		replace: '',
		tests: unit('heartbeat')
	},
	{
		file: 'src/server/engine/heartbeat.ts',
		name: 'keeps the process alive',
		find: 'this.#step).unref();',
		replace: 'this.#step);',
		tests: unit('heartbeat')
	},
	{
		file: 'src/server/engine/heartbeat.ts',
		name: 'does not make up for turns that it has missed',
		find: 'let count = Math.min(due, slots);',
		replace: 'let count = 1;',
		tests: unit('heartbeat')
	},
	{
		file: 'src/server/engine/leaving.ts',
		name: 'cuts a peer that takes something, only slowly',
		find: 'pending < this.#pending ? 0 : this.#idleLooks + 1;',
		replace: 'this.#idleLooks + 1;',
		tests: unit('leaving')
	},
	{
		file: 'src/server/engine/leaving.ts',
		name: 'never cuts a peer that takes nothing',
		find: '		else if (this.#idleLooks > looks) this.#leaver.terminate();\n',
		replace: '',
		tests: unit('leaving')
	},
	{
		file: 'src/server/engine/leaving.ts',
		name: 'counts the patience in milliseconds',
		find: '(patience * times * 1000) / looks',
		replace: '(patience * times) / looks',
		tests: unit('leaving')
	},
	{
		file: 'src/server/engine/leaving.ts',
		name: 'does not forget a socket that has left',
		find: '		this.#departures.delete(leaver);\n',
		replace: '',
		tests: unit('leaving')
	},
	{
		file: 'src/server/engine/leaving.ts',
		name: 'looks after sockets that have left',
		find: '		this.#heartbeat.delete(departure);\n',
		replace: '',
		tests: unit('leaving')
	},
	{
		file: 'src/server/engine/listen.ts',
		name: 'gives the advice for ports where it is a unix socket',
		find: "('path' in options ? pathAdvice : advice)[code]",
		replace: 'advice[code]',
		tests: unit('listen')
	},
	{
		file: 'src/server/engine/listen.ts',
		name: 'writes an address of IPv6 without its brackets',
		find: "host.includes(':') ? `[${host}]` : host",
		replace: 'host',
		tests: unit('listen')
	},
	{
		file: 'src/server/engine/refusal.ts',
		name: 'takes two lengths',
		find: '		if (seen.includes(name)) return 400;\n',
		replace: '',
		tests: unit('refusal')
	},
	{
		file: 'src/server/engine/refusal.ts',
		name: 'takes a transfer-encoding that another server may not know',
		find: "if (name === 'transfer-encoding' && value.toLowerCase() !== 'chunked') return 400;",
		replace: '',
		tests: unit('refusal')
	},
	{
		file: 'src/server/engine/refusal.ts',
		name: 'takes a length that is no number',
		find: "if (name === 'content-length' && !/^\\d+$/.test(value)) return 400;",
		replace: '',
		tests: unit('refusal')
	},
	{
		file: 'src/server/engine/refusal.ts',
		name: 'takes a header without a name',
		find: "		if (name === '') return 400;\n",
		replace: '',
		tests: unit('refusal')
	},
	{
		file: 'src/server/engine/refusal.ts',
		name: 'takes the star for any method',
		find: "	return asked.target === '*' && asked.method !== 'OPTIONS';",
		replace: '	return false;',
		tests: unit('refusal')
	},
	{
		file: 'src/server/engine/refusal.ts',
		name: 'takes a method that Node does not know',
		find: '!methods.has(asked.method) || !target',
		replace: '!target',
		tests: unit('refusal')
	},
	{
		file: 'src/server/engine/request-body.ts',
		name: 'takes from the connection whatever comes',
		find: '		this.#flow.pause();\n',
		replace: '',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/request-body.ts',
		name: 'never goes on when the app has read what there was',
		find: '				pull: () => this.#resume(),\n',
		replace: '',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/request-body.ts',
		name: 'blocks the connection when the app does not want the rest',
		find: '	#drop(): void {\n		this.#isOver = true;\n		this.#resume();',
		replace: '	#drop(): void {\n		this.#isOver = true;',
		tests: engine,
		only: 'node: requests'
	},
	{
		file: 'src/server/engine/request-body.ts',
		name: 'blocks the connection with a body that nobody reads',
		find: "read to its end'));\n		this.#resume();",
		replace: "read to its end'));",
		tests: uws,
		only: 'uws: requests'
	},
	{
		file: 'src/server/engine/request-body.ts',
		name: 'leaves a connection waiting for whoever wants all of a body',
		find: '			else this.#resume();\n',
		replace: '',
		tests: unit('request-body')
	},
	{
		file: 'src/server/engine/request-body.ts',
		name: 'forgets what came before a stream was asked for',
		find: 'for (const chunk of this.#waiting.splice(0)) controller.enqueue(chunk);',
		replace: '',
		tests: unit('request-body')
	},
	{
		file: 'src/server/engine/request-body.ts',
		name: 'makes the connection wait for a body that is wanted at once',
		find: 'this.#taker !== undefined || ',
		replace: '',
		tests: unit('request-body')
	},
	{
		file: 'src/server/engine/request-body.ts',
		name: 'counts no overhead of small chunks',
		find: '?? 0) + overhead',
		replace: '?? 0)',
		tests: unit('request-body')
	},
	{
		file: 'src/server/engine/socket-file.ts',
		name: 'removes whatever is where a unix socket is to be',
		find: "	if (!found.isSocket()) throw failed(path, 'EADDRINUSE', noSocket);\n",
		replace: '',
		tests: unit('socket-file')
	},
	{
		file: 'src/server/engine/socket-file.ts',
		name: 'removes the unix socket of a server that listens',
		find: "if (state === 'taken') isTaken();",
		replace: "if (state === 'taken') removeStale(path, stale);",
		tests: unit('socket-file')
	},
	{
		file: 'src/server/engine/socket-file.ts',
		name: 'removes the unix socket that somebody else has put in place of its own',
		find: 'if (own !== undefined && identifyFile(file) === own) rmSync',
		replace: 'if (own !== undefined) rmSync',
		tests: unit('socket-file')
	},
	{
		file: 'src/server/engine/socket-file.ts',
		name: 'forgets where its unix socket is when the app goes to another folder',
		find: 'const file = resolve(path);',
		replace: 'const file = resolve(path) && path;',
		tests: unit('socket-file')
	},
	{
		file: 'src/server/engine/socket-file.ts',
		name: 'takes a server that is busy for one that is gone',
		find: "code === 'ECONNREFUSED' ? 'refused' : 'taken'",
		replace: "code === undefined ? 'taken' : 'refused'",
		tests: unit('socket-file')
	},
	{
		file: 'src/server/topic-members.ts',
		name: 'keeps topics that nobody is on',
		find: 'if (set?.delete(value) && set.size === 0) sets.delete(key);',
		replace: 'set?.delete(value);',
		tests: [...engine, 'test/unit/src/topic-members.test.ts'],
		only: 'sockets|topics'
	},
	{
		file: 'src/server/topic-members.ts',
		name: 'leaves a socket that has ended on its topics',
		find: 'for (const topic of topics) removeFrom(this.#members, topic, member);',
		replace: '',
		tests: engine,
		only: 'node: sockets'
	},
	{
		file: 'src/server/engine/upgrade.ts',
		name: 'takes a POST for a handshake',
		find: "asked.method === 'GET' &&",
		replace: '',
		tests: unit('upgrade')
	}
];
