/** The bus over any transport, and the way to any broker. */
const bus = 'src/server/bus';
const suite = ['test/unit/src/bus/topic-bus.test.ts', 'test/conformance/bus/local.test.ts'];
const frames = ['test/unit/src/bus/frames.test.ts'];
const broker = ['test/unit/src/bus/broker.test.ts'];
const address = ['test/unit/src/bus/address.test.ts'];
const choose = ['test/unit/src/bus/choose.test.ts'];
const subject = ['test/unit/src/bus/subject.test.ts'];

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: `${bus}/topic-bus.ts`,
		name: 'a process hears itself',
		find: 'else if (frame.sender !== this.#options.process) {',
		replace: 'else {',
		tests: suite
	},
	{
		file: `${bus}/topic-bus.ts`,
		name: 'bytes are sent as the caller has changed them since',
		find: "typeof data === 'string' ? data : new Uint8Array(data) }",
		replace: 'data }',
		tests: suite
	},
	{
		file: `${bus}/topic-bus.ts`,
		name: 'what came together goes on after unsubscribe or close',
		find: "if (this.#state === 'closed' || !this.#interest.has(topic)) return;",
		replace: '',
		tests: suite
	},
	{
		file: `${bus}/topic-bus.ts`,
		name: 'each message is a frame of its own',
		find: '		this.#isFlushing = true;\n',
		replace: '		this.#isFlushing = true;\n		this.#flush();\n',
		tests: suite
	},
	{
		file: `${bus}/topic-bus.ts`,
		name: 'what was published before close is lost',
		find: "		this.#flush();\n		this.#become('closed');",
		replace: "		this.#become('closed');",
		tests: suite
	},
	{
		file: `${bus}/topic-bus.ts`,
		name: 'what was published just before the broker went away comes later',
		find: '		this.#outgoing.clear();\n',
		replace: '',
		tests: suite
	},
	{
		file: `${bus}/topic-bus.ts`,
		name: 'a state is told each time it is noticed',
		find: 'if (this.#isKnown && state === this.#state) return;',
		replace: '',
		tests: suite
	},
	{
		file: `${bus}/topic-bus.ts`,
		name: 'a first attempt that fails is not told',
		find: 'if (this.#isKnown && state === this.#state) return;',
		replace: 'if (state === this.#state) return;',
		tests: suite
	},
	{
		file: `${bus}/topic-bus.ts`,
		name: 'a message that is too large is sent, and the broker may end the connection',
		find: '		return false;\n',
		replace: '		return true;\n',
		tests: suite
	},
	{
		file: `${bus}/topic-bus.ts`,
		name: 'garbage fills the log',
		find: '		this.#hasWarned = true;\n',
		replace: '',
		tests: suite
	},
	{
		file: `${bus}/topic-bus.ts`,
		name: 'a transport that never closes holds the shutdown',
		find: 'await Promise.race([this.#transport.close(), late]);',
		replace: 'await this.#transport.close();',
		tests: suite
	},
	{
		file: `${bus}/interest.ts`,
		name: 'the first who leaves takes all others along',
		find: 'if (count > 1) {',
		replace: 'if (count > 2) {',
		tests: suite
	},
	{
		file: `${bus}/interest.ts`,
		name: 'nothing arrives any more after the broker was away',
		find: 'for (const piece of toPieces([...this.#told])) this.#transport.listen(piece);',
		replace: '',
		tests: suite
	},
	{
		file: `${bus}/interest.ts`,
		name: 'who comes back after the broker was away is not listened to',
		find: '		this.#told.clear();\n',
		replace: '',
		tests: suite
	},
	{
		file: `${bus}/interest.ts`,
		name: 'who comes and leaves in one turn costs the broker a word',
		find: 'if (isWanted === this.#told.has(topic)) continue;',
		replace: '',
		tests: suite
	},
	{
		file: `${bus}/frames.ts`,
		name: 'frames grow beyond what is carried',
		find: 'length + more > maxFrame',
		replace: 'length > maxFrame',
		tests: frames
	},
	{
		file: `${bus}/frames.ts`,
		name: 'a length that lies leads out of the frame',
		find: 'if (end > frame.length) return undefined;',
		replace: '',
		tests: frames
	},
	{
		file: `${bus}/frames.ts`,
		name: 'a frame of another version is read',
		find: 'if (frame[2] !== version) return undefined;',
		replace: '',
		tests: frames
	},
	{
		file: `${bus}/broker/transport.ts`,
		name: 'events of a link that is gone touch the next',
		find: 'if (connection !== this.#current || connection.signal.aborted) return;',
		replace: '',
		tests: broker
	},
	{
		file: `${bus}/broker/transport.ts`,
		name: 'a broker that is away is asked ten times a second',
		find: '		this.#failures += 1;\n',
		replace: '',
		tests: broker
	},
	{
		file: `${bus}/broker/transport.ts`,
		name: 'each attempt that fails is told',
		find: 'if (this.#isAway) return;',
		replace: '',
		tests: broker
	},
	{
		file: `${bus}/broker/transport.ts`,
		name: 'a broker that cuts each connection is asked ten times a second',
		find: 'if (this.#link && performance.now() - this.#since > times.lastDelay) this.#failures = 0;',
		replace: 'if (this.#link) this.#failures = 0;',
		tests: broker
	},
	{
		file: `${bus}/broker/transport.ts`,
		name: 'what was published last is cut off',
		find: 'await Promise.race([this.#outgoing.settled(), late]);',
		replace: '',
		tests: broker
	},
	{
		file: `${bus}/broker/transport.ts`,
		name: 'a broker that never answers keeps the server from starting',
		find: "const late = setTimeout(() => lost(new Error('It does not answer')), times.connect);",
		replace: 'const late = setTimeout(() => {}, times.connect);',
		tests: broker
	},
	{
		file: `${bus}/broker/outgoing.ts`,
		name: 'a broker that reads too slowly fills the memory',
		find: 'if (this.#bytes > 0 && this.#bytes + byteLength > limit) {',
		replace: 'if (false) {',
		tests: broker
	},
	{
		file: `${bus}/broker/outgoing.ts`,
		name: 'each message that is lost to a slow broker is a line in the log',
		find: 'if (this.#lost > 1) return;',
		replace: '',
		tests: broker
	},
	{
		file: `${bus}/broker/pulse.ts`,
		name: 'a broker that keeps the connection and does nothing is believed in',
		find: 'if (this.#silence === patience)',
		replace: 'if (false)',
		tests: broker
	},
	{
		file: `${bus}/broker/address.ts`,
		name: 'a password stands in the log',
		find: 'JSON.stringify(withoutCredentials(text))',
		replace: 'JSON.stringify(text)',
		tests: address
	},
	{
		file: `${bus}/broker/package.ts`,
		name: 'a version that cannot be used is used',
		find: "if (!isUsable(found)) throw new Error('its version is too old');",
		replace: '',
		tests: choose
	},
	{
		file: `${bus}/choose.ts`,
		name: 'workers do not meet',
		find: 'return cluster && clusterBus(cluster, log);',
		replace: 'return undefined;',
		tests: choose
	},
	{
		file: `${bus}/nats/subject.ts`,
		name: 'a channel that is long ends the connection to NATS',
		find: 'if (token.length <= longest) return token;',
		replace: 'return token;',
		tests: subject
	},
	{
		file: `${bus}/nats/subject.ts`,
		name: 'a channel may be a wildcard',
		find: ".replaceAll(/[.*!'()~]/g, escape)",
		replace: '',
		tests: subject
	}
];
