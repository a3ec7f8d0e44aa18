/** What processes tell one another, and what the registry makes of it. */
const registry = 'src/server/registry';
const bus = 'src/server/bus';
const others = ['test/unit/src/registry/others.test.ts'];
const directory = ['test/unit/src/bus/directory.test.ts'];

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: `${registry}/others.ts`,
		name: 'what comes from another process is compressed, or is not, whatever was asked for',
		find: 'compress ? kinds.publishCompressed : kinds.publish',
		replace: 'kinds.publish',
		tests: others
	},
	{
		file: `${registry}/others.ts`,
		name: 'what cannot be read is thrown at the bus',
		find: 'if (this.#strange.has(message.kind)) return;',
		replace: 'throw error;',
		tests: others
	},
	{
		file: `${registry}/others.ts`,
		name: 'each message that cannot be read is a line in the log',
		find: 'this.#strange.add(message.kind);',
		replace: '',
		tests: others
	},
	{
		file: `${registry}/others.ts`,
		name: 'the first connection is told as if the broker had been away',
		find: 'if (this.#wasAway)',
		replace: 'if (true)',
		tests: others
	},
	{
		file: `${registry}/others.ts`,
		name: 'a count waits for answers that nobody can give',
		find: "this.#bus?.state === 'connected' ?",
		replace: 'true ?',
		tests: others
	},
	{
		file: `${registry}/others.ts`,
		name: 'a process leaves without a word',
		find: '\t\tthis.directory.close();\n',
		replace: '',
		tests: others
	},
	{
		file: `${registry}/others.ts`,
		name: 'what peers are on has no name of its own on the bus',
		find: "const topicPrefix = 'topic/';",
		replace: "const topicPrefix = '';",
		tests: others
	},
	{
		file: `${registry}/hub.ts`,
		name: 'what a peer publishes stays in its process',
		find: '\t\tthis.here.feed(topic, data);\n\t\tthis.others?.publish(topic, data, compress);',
		replace: '\t\tthis.here.feed(topic, data);',
		tests: others
	},
	{
		file: `${registry}/publishing.ts`,
		name: 'what the app publishes stays in its process',
		find: 'this.#reach.others()?.publish(topic, data, compress);\n\t}',
		replace: '}',
		tests: others
	},
	{
		file: `${registry}/registry.ts`,
		name: 'a message to a peer of another process is lost',
		find: 'if (!this.here.send(letter)) this.others?.send(letter);',
		replace: 'this.here.send(letter);',
		tests: others
	},
	{
		file: `${registry}/hub.ts`,
		name: 'the topics of a peer that has ended still come',
		find: '\t\t\tthis.others?.unsubscribe(topic);\n\t\t}',
		replace: '\t\t}',
		tests: others
	},
	{
		file: `${registry}/hub.ts`,
		name: 'the end of a peer counts twice',
		find: 'if (!this.here.peers.remove(peer)) return;',
		replace: 'this.here.peers.remove(peer);',
		tests: others
	},
	{
		file: `${registry}/registry.ts`,
		name: 'close of a topic stays in its process',
		find: 'this.others?.closePeers(code, reason, filter)',
		replace: 'void 0',
		tests: others
	},
	{
		file: `${registry}/registry.ts`,
		name: 'the bus of the next server does not know what is wanted',
		find: '\t\tfor (const { topics } of this.here.peers) yield* topics;\n',
		replace: '',
		tests: others
	},
	{
		file: `${registry}/here.ts`,
		name: 'close of an id gives an id to everybody',
		find: 'return peer === undefined ? [] : [peer];',
		replace: 'return [...this.peers];',
		tests: others
	},
	{
		file: `${registry}/letters.ts`,
		name: 'an order may close with any code',
		find: '!isCloseCode(code) || ',
		replace: '',
		tests: others
	},
	{
		file: `${registry}/letters.ts`,
		name: 'anything is parsed, however long',
		find: "if (data.length > longest) throw new TypeError('It is too long');",
		replace: '',
		tests: others
	},
	{
		file: `${registry}/counts.ts`,
		name: 'a count waits for a process that is gone',
		find: 'for (const number of [...this.#polls.keys()]) this.#hear(number, process, 0);',
		replace: '',
		tests: others
	},
	{
		file: `${registry}/counts.ts`,
		name: 'a count without a deadline ends at once',
		find: 'Math.min(timeout, longest)',
		replace: 'timeout',
		tests: others
	},
	{
		file: `${registry}/ids.ts`,
		name: 'nobody can tell where a peer is',
		find: '`${process.slice(0, 8)}-${process.slice(8)}-8${randomUUID().slice(15)}`',
		replace: 'randomUUID()',
		tests: ['test/unit/src/registry/ids.test.ts']
	},
	{
		file: 'src/server/handler.ts',
		name: 'a server of one‘s own keeps its process alive by its bus',
		find: 'if (this.#hasEnded) await this.#app.registry.disconnect();',
		replace: '',
		tests: ['test/e2e/bus/custom-server.test.ts']
	},
	{
		file: 'src/server/handler.ts',
		name: 'the next server of one‘s own is alone',
		find: '\t\tvoid this.#app.registry.connect();\n',
		replace: '',
		tests: ['test/e2e/bus/custom-server.test.ts']
	},
	{
		file: `${bus}/directory.ts`,
		name: 'one that has just come is not answered',
		find: 'if (isNew) this.tell(sender, kinds.hello, this.#greeting());',
		replace: '',
		tests: directory
	},
	{
		file: `${bus}/directory.ts`,
		name: 'a process that is silent is never forgotten',
		find: 'if (ticks >= patience) this.left(process);',
		replace: 'if (false) this.left(process);',
		tests: directory
	},
	{
		file: `${bus}/directory.ts`,
		name: 'what is still on its way brings somebody back who has left',
		find: 'else if (this.#others.has(sender)) this.#silence.set(sender, 0);',
		replace: 'else this.#greet(sender);',
		tests: directory
	},
	{
		file: `${bus}/directory.ts`,
		name: 'whoever waits for others waits on when this process has left',
		find: '\t\tfor (const process of [...this.#others]) this.left(process);\n',
		replace: '',
		tests: others
	},
	{
		file: `${bus}/directory.ts`,
		name: 'a process leaves its timer',
		find: '\t\tclearInterval(this.#timer);\n',
		replace: '',
		tests: directory
	},
	{
		file: `${bus}/directory.ts`,
		name: 'that a process is gone is told twice',
		find: 'if (!this.#others.delete(process)) return;',
		replace: 'this.#others.delete(process);',
		tests: directory
	}
];
