/** @param {string} name */
const unit = (name) => [`test/unit/src/${name}.test.ts`];

const shutdown = unit('shutdown');
const requests = unit('requests');
const signals = unit('signals');
const start = unit('start');
const choose = unit('choose');
const stopping = unit('engine/stopping');
const closing = unit('closing');

const custom = {
	tests: ['test/e2e/custom-sockets.test.ts', 'test/e2e/custom-server.test.ts'],
	fixtures: ['test/e2e/fixtures/custom']
};

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: 'src/server/engine/stopping.ts',
		name: 'closes connections that their clients are about to use',
		find: 'if (patience > 0) return',
		replace: 'if (patience > 1e9) return',
		tests: stopping
	},
	{
		file: 'src/server/engine/stopping.ts',
		name: 'lets answers leave while it still accepts, and their clients come back',
		find: '		this.#waiting = Promise.withResolvers();\n',
		replace: '',
		tests: stopping
	},
	{
		file: 'src/server/engine/stopping.ts',
		name: 'keeps answers that wait',
		find: '		this.#waiting?.resolve();\n',
		replace: '',
		tests: stopping
	},
	{
		file: 'src/server/engine/stopping.ts',
		name: 'goes on accepting for as long as somebody comes',
		find: ' && performance.now() < end',
		replace: '',
		tests: stopping
	},
	{
		file: 'src/server/engine/node/exchange.ts',
		name: 'cuts an upload that was answered, and the answer with it',
		find: '		if (!this.incoming.complete) socket.destroySoon = socket.end;\n',
		replace: '',
		tests: ['test/conformance/engine/node.test.ts'],
		only: 'reads on what is uploaded'
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'has no patience for connections that are kept',
		find: 'requests.areKnown || inStep',
		replace: '!requests.areKnown || inStep',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'looks from time to time whether requests are under way, instead of waiting for them',
		find: 'await Promise.all([requests.idle(), closed]);',
		replace: 'await closed;',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'does not wait for requests',
		find: `		await Promise.all([requests.idle(), closed]);
		await sleep(grace);
	} while (!signal.aborted && (requests.areActive || sockets.size > 0));`,
		replace: `		await closed;
		await sleep(grace);
	} while (!signal.aborted && sockets.size > 0);`,
		tests: shutdown,
		only: 'waits for the requests that are under way'
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'cuts connections right after the last answer',
		find: 'const grace = 100;',
		replace: 'const grace = 0;',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'cuts event streams while it still accepts connections',
		find: '	await engine.stop(',
		replace: '	endStreams({ registry, cutEventStreams });\n	await engine.stop(',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'cuts connections before anything has ended',
		find: '	deadline[Symbol.dispose]();\n	engine.close();\n',
		replace: '	deadline[Symbol.dispose]();\n',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'lets event streams and subscriptions go on',
		find: '	endStreams({ registry, cutEventStreams });\n',
		replace: '',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'cuts sockets with their close frames, where there is no time',
		find: 'deadline.late.then(() => sleep(grace))',
		replace: 'deadline.late',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'keeps the process until the timeout, though everything has ended',
		find: '	deadline[Symbol.dispose]();\n	engine.close();\n',
		replace: '	engine.close();\n',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'counts the timeout in milliseconds',
		find: 'new Deadline(timeout * 1000)',
		replace: 'new Deadline(timeout)',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'leaves a registry that publishes through a closed engine',
		find: '	registry.detach();\n',
		replace: '',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'leaves sockets open that have come in the meantime',
		find: 'requests.areActive || sockets.size > 0',
		replace: 'requests.areActive || engine.leaving > 0',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'cuts a request that comes on a connection that is kept',
		find: 'requests.areActive || sockets.size > 0',
		replace: 'sockets.size > 0',
		tests: shutdown
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'does not wait for what is queued for sockets that have ended',
		find: 'return registry.size + engine.leaving;',
		replace: 'return registry.size;',
		tests: shutdown,
		equivalent: 'the loop around it looks at engine.leaving too, and only the pace differs'
	},
	{
		file: 'src/server/shutdown.ts',
		name: 'closes the same sockets again and again',
		find: 'if (peer.readyState === 1 && !peer.isParting) yield peer;',
		replace: 'yield peer;',
		tests: shutdown
	},
	{
		file: 'src/server/closing.ts',
		name: 'ends subscriptions before the streams that they feed',
		find: `	cutEventStreams(new DOMException('The server is shutting down', 'AbortError'));
	registry.endSubscriptions();`,
		replace: `	registry.endSubscriptions();
	cutEventStreams(new DOMException('The server is shutting down', 'AbortError'));`,
		tests: shutdown
	},
	{
		file: 'src/server/closing.ts',
		name: 'closes all sockets at once',
		find: 'const handful = 10;',
		replace: 'const handful = Infinity;',
		tests: closing
	},
	{
		file: 'src/server/closing.ts',
		name: 'does not hurry where the time would not do',
		find: 'return Math.max(this.#rate, left /',
		replace: 'return Math.max(this.#rate, 0 * left /',
		tests: closing
	},
	{
		file: 'src/server/closing.ts',
		name: 'begins with the first socket again and again',
		find: '		this.#walk ??= ',
		replace: '		this.#walk = ',
		tests: closing
	},
	{
		file: 'src/server/closing.ts',
		name: 'leaves those open that have come meanwhile',
		find: 'if (this.#known === this.#sockets.arrivals)',
		replace: 'if (this.#known !== -1)',
		tests: closing
	},
	{
		file: 'src/server/closing.ts',
		name: 'waits for ever for those that were told',
		find: '<= now) this.#closeTold();',
		replace: '<= 0) this.#closeTold();',
		tests: closing
	},
	{
		file: 'src/server/closing.ts',
		name: 'closes those at once that were told',
		find: '		if (isTold) this.#told',
		replace: '		if (isTold) socket.close(1001, goingAway);\n		if (isTold) this.#told',
		tests: closing
	},
	{
		file: 'src/server/closing.ts',
		name: 'leaves those open for which there is no time',
		find: '	goodbyes.finish();\n',
		replace: '',
		tests: closing
	},
	{
		file: 'src/server/closing.ts',
		name: 'tells clients that they need not come back',
		find: 'else socket.close(1001,',
		replace: 'else socket.close(1000,',
		tests: closing
	},
	{
		file: 'src/server/pace.ts',
		name: 'takes a server that nobody asks much for a slow one',
		find: '		if (waiting < crowd) {',
		replace: '		if (waiting < 0) {',
		tests: unit('pace')
	},
	{
		file: 'src/server/pace.ts',
		name: 'goes by its slowest moment',
		find: 'Math.max(this.#best, ',
		replace: 'Math.max(0, ',
		tests: unit('pace')
	},
	{
		file: 'src/server/requests.ts',
		name: 'ends an idle server during a request',
		find: '		clearTimeout(this.#timer);\n',
		replace: '',
		tests: requests
	},
	{
		file: 'src/server/requests.ts',
		name: 'calls an idle server idle, though somebody is connected',
		find: 'isIdle() ? callback() : this.#idleTimer?.()',
		replace: 'isIdle, callback()',
		tests: requests
	},
	{
		file: 'src/server/requests.ts',
		name: 'looks once whether the server is idle',
		find: 'isIdle() ? callback() : this.#idleTimer?.()',
		replace: 'isIdle() && callback()',
		tests: requests
	},
	{
		file: 'src/server/requests.ts',
		name: 'counts the idle time in milliseconds',
		find: 'setTimeout(check, seconds * 1000)',
		replace: 'setTimeout(check, seconds)',
		tests: requests
	},
	{
		file: 'src/server/requests.ts',
		name: 'keeps the process for its idle timer',
		find: 'seconds * 1000).unref();',
		replace: 'seconds * 1000);',
		tests: requests
	},
	{
		file: 'src/server/requests.ts',
		name: 'never ends a request that failed',
		find: 'answer.then(this.#done, this.#done);',
		replace: 'answer.then(this.#done, () => {});',
		tests: requests
	},
	{
		file: 'src/server/requests.ts',
		name: 'is idle when the first of several requests has ended',
		find: '		if (this.#active > 0) return;\n',
		replace: '',
		tests: requests
	},
	{
		file: 'src/server/stop-signals.ts',
		name: 'does not end at the second signal',
		find: 'exit(128 + constants.signals[signal]);',
		replace: 'return;',
		tests: signals
	},
	{
		file: 'src/server/stop-signals.ts',
		name: 'takes a signal that comes twice for two',
		find: 'now - asked > echo',
		replace: 'now - asked >= 0',
		tests: signals
	},
	{
		file: 'src/server/stop-signals.ts',
		name: 'takes the second signal for the first once more, whenever it comes',
		find: '		asked ??= now;\n',
		replace: '		asked = now + 1000;\n',
		tests: signals
	},
	{
		file: 'src/server/stop-signals.ts',
		name: 'ends as if nothing had gone wrong when it is told to hurry',
		find: 'exit(128 + constants.signals[signal]);',
		replace: 'process.exit(0);',
		tests: signals
	},
	{
		file: 'src/server/signals.ts',
		name: 'keeps the app from being ended after the shutdown',
		find: '		ignoreSignals();\n',
		replace: '',
		tests: signals
	},
	{
		file: 'src/server/signals.ts',
		name: 'announces the shutdown before it is done',
		find: `		void close().then(() => {
			announceShutdown(reason);`,
		replace: `		announceShutdown(reason);
		void close().then(() => {`,
		tests: signals
	},
	{
		file: 'src/server/signals.ts',
		name: 'shuts down as often as it is asked',
		find: '(closing ??= shut())',
		replace: '(closing = shut())',
		tests: signals
	},
	{
		file: 'src/server/signals.ts',
		name: 'ends an idle server on which somebody is connected',
		find: '() => registry.size + (guests?.size ?? 0) === 0,',
		replace: '() => true,',
		tests: signals
	},
	{
		file: 'src/server/signals.ts',
		name: 'ends every server after its first request',
		find: 'if (config.idleTimeout > 0) {',
		replace: 'if (config.idleTimeout >= 0) {',
		tests: signals
	},
	{
		file: 'src/server/start.ts',
		name: 'listens before the app is ready',
		find: `	await app.init(engine, variables, bus);
	await app.registry.connect();
	const installation = await setUp(engine, app);
	const bound = await listen(engine, app, config, installation);`,
		replace: `	const bound = await listen(engine, app, config, undefined);
	const installation = await setUp(engine, app);
	await app.init(engine, variables, bus);
	await app.registry.connect();`,
		tests: start
	},
	{
		file: 'src/server/start.ts',
		name: 'does not wait for the app',
		find: '	await app.init(engine, variables, bus);',
		replace: '	void app.init(engine, variables, bus);',
		tests: start
	},
	{
		file: 'src/server/start.ts',
		name: 'forgets HEADERS_TIMEOUT on the way to the engine',
		find: 'tls, keepAliveTimeout, headersTimeout };',
		replace: 'tls, keepAliveTimeout };',
		tests: start
	},
	{
		file: 'src/server/start.ts',
		name: 'says http where it is https',
		find: "config.tls ? 'https://' : 'http://'",
		replace: "'http://'",
		tests: start
	},
	{
		file: 'src/server/app.ts',
		name: 'does not count requests that are under way',
		find: 'request: (exchange) => this.requests.track(this.#answer(exchange)),',
		replace: 'request: (exchange) => this.#answer(exchange),',
		tests: start
	},
	{
		file: 'src/server/app.ts',
		name: 'leaves a request without an answer whose file is gone',
		find: 'return sent.catch((error: unknown) => this.#ssr.fail(error, exchange));',
		replace: 'return sent.catch(() => {});',
		tests: start
	},
	{
		file: 'src/server/app.ts',
		name: 'asks the app for what is a file',
		find: 'if (file === undefined) return',
		replace: 'if (file !== null) return',
		tests: start
	},
	{
		file: 'src/server/app.ts',
		name: 'gives the app variables that are not set',
		find: 'env: definedOnly(variables),',
		replace: 'env: variables as Record<string, string>,',
		tests: start
	},
	{
		file: 'src/server/choose.ts',
		name: 'runs on Node without a word where uWebSockets.js was asked for',
		find: "if (engine === 'uws' || !(error",
		replace: 'if (!(error',
		tests: choose
	},
	{
		file: 'src/server/choose.ts',
		name: 'takes a mistake of its own for a missing addon',
		find: ' || !(error instanceof AdapterError)) throw error;',
		replace: ') throw error;\n		if (!(error instanceof Error)) throw error;',
		tests: choose
	},
	{
		file: 'src/server/choose.ts',
		name: 'does not say why it runs on Node',
		find: '		log.warn(\n			`${error',
		replace: '		log.mapStack(\n			`${error',
		tests: choose
	},
	{
		file: 'src/server/choose.ts',
		name: 'hands a file descriptor to uWebSockets.js',
		find: "if ('fd' in listen && !findBun()) {",
		replace: "if ('fd' in listen && engine === undefined) {",
		tests: choose
	},
	{
		file: 'src/server/choose.ts',
		name: 'warns of one of the time-outs only',
		find: '(options.keepAliveTimeout ?? options.headersTimeout)',
		replace: 'options.keepAliveTimeout',
		tests: choose
	},
	{
		file: 'src/server/config.ts',
		name: 'takes bodies of 512 kB instead of KiB',
		find: "'BODY_SIZE_LIMIT', 512 * 1024",
		replace: "'BODY_SIZE_LIMIT', 512 * 1000",
		tests: unit('config')
	},
	{
		file: 'src/server/config.ts',
		name: 'shuts down in three seconds',
		find: "'SHUTDOWN_TIMEOUT', 30,",
		replace: "'SHUTDOWN_TIMEOUT', 3,",
		tests: unit('config')
	},
	{
		file: 'src/server/config.ts',
		name: 'trusts no proxy, counted as one',
		find: "'XFF_DEPTH', 1, 1)",
		replace: "'XFF_DEPTH', 1, 0)",
		tests: unit('config')
	},
	{
		file: 'src/server/config.ts',
		name: 'accepts as many connections as there are descriptors',
		find: 'Math.floor(limit * 0.9)',
		replace: 'limit',
		tests: unit('config')
	},
	{
		file: 'src/server/config.ts',
		name: 'ends an idle server that nobody would start again',
		find: "'fd' in listen ? env.integer('IDLE_TIMEOUT', 0, 0, longestTimer) : 0",
		replace: "env.integer('IDLE_TIMEOUT', 0, 0, longestTimer)",
		tests: unit('config')
	},
	{
		file: 'src/server/config.ts',
		name: 'takes descriptors that are meant for another process',
		find: 'if (pid !== 0 && pid !== process.pid) {',
		replace: 'if (pid === -1) {',
		tests: unit('config')
	},
	{
		file: 'src/server/config.ts',
		name: 'listens on localhost only',
		find: "env.text('HOST', '0.0.0.0')",
		replace: "env.text('HOST', '127.0.0.1')",
		tests: unit('config')
	},
	{
		file: 'src/server/config.ts',
		name: 'stops at an ENGINE that is meant for another program',
		find: 'if (text === undefined || isKnown || env.hasPrefix)',
		replace: 'if (text !== null)',
		tests: unit('config')
	},
	{
		file: 'src/server/config.ts',
		name: 'runs without TLS where a file of it is missing',
		find: "		if (!existsSync(path)) env.fail(name, 'Set it to the path of a PEM file.');\n",
		replace: '		if (!existsSync(path)) return files;\n',
		tests: unit('config')
	},
	{
		file: 'src/server/env.ts',
		name: 'takes K for a thousand',
		find: 'K: 1024,',
		replace: 'K: 1000,',
		tests: unit('env')
	},
	{
		file: 'src/server/env.ts',
		name: 'takes an empty variable for one that is set',
		find: "value === undefined || value === '' ? fallback",
		replace: 'value === undefined ? fallback',
		tests: unit('env')
	},
	{
		file: 'src/server/env.ts',
		name: 'looks for headers in the spelling of the user',
		find: "return this.text(name, '').toLowerCase();",
		replace: "return this.text(name, '');",
		tests: unit('env')
	},
	{
		file: 'src/server/env.ts',
		name: 'refuses the smallest number that it names',
		find: 'if (value >= min && value <= max)',
		replace: 'if (value > min && value <= max)',
		tests: unit('env')
	},
	{
		file: 'src/server/env.ts',
		name: 'gives variables of systemd a prefix',
		find: 'return unprefixed.some((each) => each === name) ? name : this.#prefix + name;',
		replace: 'return this.#prefix + name;',
		tests: unit('env')
	},
	{
		file: 'src/server/host.ts',
		name: 'remembers a host that was bad as one that is good',
		find: `		if (!form.test(value) || !URL.canParse(\`http://\${value}\`)) return false;
		this.#lastGood = value;`,
		replace: `		this.#lastGood = value;
		if (!form.test(value) || !URL.canParse(\`http://\${value}\`)) return false;`,
		tests: unit('host')
	},
	{
		file: 'src/server/host.ts',
		name: 'takes a host that makes no URL',
		find: ' || !URL.canParse(`http://${value}`)',
		replace: '',
		tests: unit('host')
	},
	{
		file: 'src/server/limited-log.ts',
		name: 'lets clients fill the log',
		find: 'if (count <= limit) this.#log',
		replace: 'this.#log',
		tests: unit('limited-log')
	},
	{
		file: 'src/server/limited-log.ts',
		name: 'is silent for ever after the first minute',
		find: '		this.#counts.delete(what);\n',
		replace: '',
		tests: unit('limited-log')
	},
	{
		file: 'src/server/limited-log.ts',
		name: 'says nothing of what it has left out',
		find: 'if (more > 0) this.#log',
		replace: 'if (more > 1e9) this.#log',
		tests: unit('limited-log')
	},
	{
		file: 'src/server/limited-log.ts',
		name: 'limits errors too',
		find: '		this.#log.error(what, error);',
		replace: '		this.warn(what, String(error));',
		tests: unit('limited-log')
	},
	{
		file: 'src/server/describe-request.ts',
		name: 'writes queries into the log',
		find: '.split(/[?#]/, 1)',
		replace: '.split(/[#]/, 1)',
		tests: unit('describe-request')
	},
	{
		file: 'src/server/describe-request.ts',
		name: 'writes one-time keys into the log',
		find: 'key === -1 ? path :',
		replace: 'key !== -2 ? path :',
		tests: unit('describe-request')
	},
	{
		file: 'src/server/describe-request.ts',
		name: 'writes as much into the log as a client sends',
		find: 'printable(`${method} ${shown}`, maxLength)',
		replace: 'printable(`${method} ${shown}`)',
		tests: unit('describe-request')
	},
	{
		file: 'src/server/log.ts',
		name: 'lets a client forge a line of the log',
		find: 'console.warn(printable(sentence(what, value, todo)))',
		replace: 'console.warn(sentence(what, value, todo))',
		tests: unit('log')
	},
	{
		file: 'src/server/log.ts',
		name: 'names the place in the build instead of the one in the sources',
		find: '			mapStack(error);\n			console',
		replace: '			console',
		tests: unit('log')
	},
	{
		file: 'src/server/log.ts',
		name: 'fails where what was thrown cannot be shown',
		find: '			// A getter of what was thrown throws in its turn.\n',
		replace: '			throw error;\n',
		tests: unit('log')
	},
	{
		file: 'src/server/output.ts',
		name: 'ends when nobody reads what it prints',
		find: "if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);",
		replace: "if (stream.listeners('error').includes(ignore)) stream.on('error', ignore);",
		tests: unit('output')
	},
	{
		file: 'src/server/stack.ts',
		name: 'names lines from 0',
		find: '${originalLine + 1}:',
		replace: '${originalLine}:',
		tests: unit('stack')
	},
	{
		file: 'src/server/stack.ts',
		name: 'leaves the causes of an error as they are',
		find: '				for (const cause of causes(each as Error)) errors.add(cause);\n',
		replace: '',
		tests: unit('stack')
	},
	{
		file: 'src/server/stack.ts',
		name: 'reads a map again for every error',
		find: '		this.#maps.set(file, map);\n',
		replace: '',
		tests: unit('stack')
	},
	{
		file: 'src/server/stack.ts',
		name: 'fails for an error that cannot be touched',
		find: '			} catch {\n				// What a trap',
		replace: '			} catch (error) {\n				if (error) throw error;\n				// What a trap',
		tests: unit('stack')
	},
	{
		file: 'src/server/handler.ts',
		name: 'leaves handshakes and sockets behind that have not ended in time',
		find: '	group.cut();\n',
		replace: '',
		tests: unit('handler')
	},
	{
		file: 'src/server/handler.ts',
		name: 'goes on to take upgrades after it was closed',
		find: '			attachment?.detach();\n			// What it ends',
		replace: '			// What it ends',
		...custom
	},
	{
		file: 'src/server/handler.ts',
		name: 'takes single upgrades after it was closed',
		find: 'if (this.#isClosed || !wantsSocket(req)',
		replace: 'if (!wantsSocket(req)',
		...custom
	},
	{
		file: 'src/server/handler.ts',
		name: 'takes upgrades that are not ours',
		find: " || !this.#app.isAt(req.url ?? '/')) return false;",
		replace: ') return false;',
		...custom
	},
	{
		file: 'src/server/handler.ts',
		name: 'lets streams go on when the last server has closed',
		find: 'if (this.#attached.size + this.#single.size === 0) this.#end();',
		replace: '',
		...custom
	},
	{
		file: 'src/server/handler.ts',
		name: 'cuts streams for good, though there is another server',
		find: '		this.#app.admitStreams();\n',
		replace: '',
		...custom
	},
	{
		file: 'src/server/handler.ts',
		name: 'counts the time to close in milliseconds',
		find: 'new Deadline(timeout * 1000);\n	const { signal',
		replace: 'new Deadline(timeout);\n	const { signal',
		...custom
	},
	{
		file: 'src/server/handler.ts',
		name: 'keeps the process until the timeout, though everything is closed',
		find: '	using deadline = new Deadline(timeout * 1000);\n	const { signal',
		replace: '	const deadline = new Deadline(timeout * 1000);\n	const { signal',
		tests: unit('handler')
	}
];
