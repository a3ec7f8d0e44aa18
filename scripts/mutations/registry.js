/** Who is connected, and what reaches them from elsewhere. */
const folder = 'src/server/registry';
/** @param {string[]} names */
const suite = (...names) => names.map((name) => `test/unit/src/registry/${name}.test.ts`);

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: `${folder}/registry.ts`,
		name: 'the old server of a restart detaches the new one',
		find: 'if (engine !== this.here.engine) return;',
		replace: '',
		tests: suite('registry')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'a server that has stopped is published through',
		find: '\t\tthis.here.engine = undefined;\n',
		replace: '',
		tests: suite('registry')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'one-time keys outlive their server',
		find: 'this.keys.clear();',
		replace: '',
		tests: suite('keys')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'paths of run time outlive their server',
		find: '\t\tthis.here.endpoints = undefined;\n',
		replace: '',
		tests: suite('registry', 'endpoints')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'subscriptions outlive their server',
		find: '\t\tthis.keys.clear();\n\t\tthis.endSubscriptions();',
		replace: '\t\tthis.keys.clear();',
		tests: suite('registry')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'after a restart nobody can subscribe',
		find: '\t\tthis.admitSubscriptions();\n',
		replace: '',
		tests: suite('registry')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'while the server stops one more waits',
		find: ' || this.#isStopping || signal?.aborted',
		replace: ' || signal?.aborted',
		tests: suite('registry')
	},
	{
		file: `${folder}/here.ts`,
		name: 'a message changes with the buffer that was published',
		find: ': new Uint8Array(data))',
		replace: ': data)',
		tests: suite('registry')
	},
	{
		file: `${folder}/here.ts`,
		name: 'the app publishes past its own subscriptions',
		find: '\t\tthis.engine?.publish(topic, data, compress);\n\t\tthis.feed(topic, data);',
		replace: '\t\tthis.engine?.publish(topic, data, compress);',
		tests: suite('registry')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'the ttl of a key is its default',
		find: 'this.keys.add(made, ttl)',
		replace: 'this.keys.add(made, 120_000)',
		tests: suite('keys')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'the default ttl of a key is two minutes in seconds',
		find: '{ ttl = 120_000 } = {}',
		replace: '{ ttl = 120 } = {}',
		tests: suite('keys')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'a one-time URL is not below the base',
		find: 'this.#base + keyPath + key',
		replace: 'keyPath + key',
		tests: suite('keys')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'a page on plain http is led to wss',
		find: "isPlainHttp(event) ? 'ws:' : 'wss:'",
		replace: "'wss:'",
		tests: suite('keys')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'close does not reach upgrades under way',
		find: '\t\telse this.closings.add(closing, by?.order);',
		replace: '',
		tests: ['test/unit/src/handshake/handshake.test.ts']
	},
	{
		file: `${folder}/registry.ts`,
		name: 'an upgrade is closed by its own call',
		find: 'by?.order',
		replace: 'undefined',
		tests: ['test/unit/src/handshake/handshake.test.ts']
	},
	{
		file: `${folder}/here.ts`,
		name: 'close ends the jobs of the server',
		find: '(owner) => owner !== undefined && closing.picks(owner)',
		replace: '(owner) => closing.picks(owner)',
		tests: suite('registry')
	},
	{
		file: 'src/server/topics/audience.ts',
		name: 'a volatile message on a topic that remembers queues behind others',
		find: 'filter(({ bufferedAmount }) => bufferedAmount > 0);',
		replace: 'filter(() => false);',
		tests: ['test/unit/src/topics/history.test.ts']
	},
	{
		file: `${folder}/here.ts`,
		name: 'who was behind is off the topic for good',
		find: 'for (const peer of behind) peer.enter(topic);',
		replace: '',
		tests: suite('registry')
	},
	{
		file: `${folder}/peers.ts`,
		name: 'a volatile message queues behind others',
		find: 'if (peer.isOn(topic) && peer.bufferedAmount > 0) behind.push(peer);',
		replace: '',
		tests: suite('registry')
	},
	{
		file: `${folder}/here.ts`,
		name: 'who is asked about again is closed by its own call',
		find: 'if (peer !== except && closing.picks(peer))',
		replace: 'if (closing.picks(peer))',
		tests: ['test/unit/src/handshake/reauthorization.test.ts']
	},
	{
		file: `${folder}/here.ts`,
		name: 'the filter of close is not asked',
		find: 'if (peer !== except && closing.picks(peer))',
		replace: 'if (peer !== except)',
		tests: suite('registry')
	},
	{
		file: `${folder}/endpoints.ts`,
		name: 'a path that was closed is still there',
		find: 'endpoints.remove(path, { code, reason });',
		replace: '',
		tests: suite('endpoints')
	},
	{
		file: `${folder}/endpoints.ts`,
		name: 'a path that was closed keeps its sockets',
		find: 'for (const peer of [...peers]) peer.close(code, reason);',
		replace: '',
		tests: suite('endpoints')
	},
	{
		file: `${folder}/registry.ts`,
		name: 'the limit of a path is its default',
		find: 'toHandler(handler, caller), limit)',
		replace: 'toHandler(handler, caller), Infinity)',
		tests: suite('endpoints')
	},
	{
		file: `${folder}/here.ts`,
		name: 'a message to one peer is never compressed',
		find: '?.transmit(data, compress)',
		replace: '?.transmit(data, false)',
		tests: suite('registry')
	},
	{
		file: `${folder}/endpoints.ts`,
		name: 'a message to the peers of a path is never compressed',
		find: 'options.publish(topic, encode(value, publish), compress)',
		replace: 'options.publish(topic, encode(value, publish), false)',
		tests: suite('endpoints')
	},
	{
		file: `${folder}/keys.ts`,
		name: 'a key never expires',
		find: 'setTimeout(() => this.#entries.delete(key), Math.min(ttl, longest)).unref()',
		replace: 'setTimeout(() => {}, Math.min(ttl, longest)).unref()',
		tests: suite('keys')
	},
	{
		file: `${folder}/keys.ts`,
		name: 'a key that is to last for months expires at once',
		find: 'Math.min(ttl, longest)',
		replace: 'ttl',
		tests: suite('keys')
	},
	{
		file: `${folder}/keys.ts`,
		name: 'a key keeps the process from ending',
		find: '.unref();',
		replace: ';',
		tests: suite('keys')
	},
	{
		file: `${folder}/keys.ts`,
		name: 'a key can be used twice',
		find: '\t\tclearTimeout(entry.timer);\n\t\tthis.#entries.delete(key);',
		replace: '\t\tclearTimeout(entry.timer);',
		tests: suite('keys')
	},
	{
		file: `${folder}/keys.ts`,
		name: 'a key that was used leaves its timer',
		find: '\t\tclearTimeout(entry.timer);\n',
		replace: '',
		tests: suite('keys')
	},
	{
		file: `${folder}/endpoints.ts`,
		name: 'one peer more than the limit',
		find: 'this.peers.size >= this.limit',
		replace: 'this.peers.size > this.limit',
		tests: suite('endpoints')
	},
	{
		file: `${folder}/endpoints.ts`,
		name: 'a peer of a path misses what is published to it',
		find: '\t\tsocket.subscribe(this.topic);\n',
		replace: '',
		tests: suite('endpoints')
	},
	{
		file: `${folder}/endpoints.ts`,
		name: 'who has left still counts against the limit',
		find: 'if (this.peers.delete(peer)) this',
		replace: 'if (this.peers.has(peer)) this',
		tests: suite('endpoints')
	},
	{
		file: `${folder}/endpoints.ts`,
		name: 'the same path again does not change its handler',
		find: 'route.handler = handler;',
		replace: '',
		tests: suite('endpoints')
	},
	{
		file: `${folder}/endpoints.ts`,
		name: 'the same path again does not change its limit',
		find: 'route.members.limit = limit;',
		replace: '',
		tests: suite('endpoints')
	},
	{
		file: `${folder}/closings.ts`,
		name: 'two upgrades that close each other are both gone',
		find: 'by > order && closing.picks(target)',
		replace: 'closing.picks(target)',
		tests: suite('closings')
	},
	{
		file: `${folder}/closings.ts`,
		name: 'a filter that fails means everybody',
		find: '\t\t\tthis.#hasFailed = true;\n\t\t\treturn false;',
		replace: '\t\t\tthis.#hasFailed = true;\n\t\t\treturn true;',
		tests: suite('closings')
	},
	{
		file: `${folder}/subscription.ts`,
		name: 'the newest message is read first',
		find: 'const message = this.#messages.shift();',
		replace: 'const message = this.#messages.pop();',
		tests: suite('registry')
	},
	{
		file: `${folder}/subscription.ts`,
		name: 'messages are lost without a word where too many wait',
		find: 'else this.#overflow();',
		replace: '',
		tests: suite('subscription')
	},
	{
		file: `${folder}/subscription.ts`,
		name: 'a read that waits waits for ever',
		find: 'for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined });',
		replace: '',
		tests: suite('subscription')
	},
	{
		file: `${folder}/subscriptions.ts`,
		name: 'a signal that outlives a subscription keeps it',
		find: "signal?.removeEventListener('abort', onAbort);",
		replace: '',
		tests: suite('registry')
	},
	{
		file: `${folder}/subscriptions.ts`,
		name: 'a subscription that has ended is told on',
		find: '\t\t\tthis.#remove(topic, ended);\n',
		replace: '',
		tests: suite('subscriptions')
	},
	{
		file: `${folder}/subscriptions.ts`,
		name: 'topics that nobody waits for are kept for ever',
		find: 'if (all?.size === 0) this.#topics.delete(topic);',
		replace: '',
		tests: suite('subscriptions')
	},
	{
		file: `${folder}/interception.ts`,
		name: 'a page at the path of a socket is a 426',
		find: 'if (event.route.id !== null) return render();',
		replace: '',
		tests: suite('interception')
	},
	{
		file: `${folder}/endpoints.ts`,
		name: 'an upgrade is let in on a path that was just closed',
		find: 'if (route) route.members.closed = closed;',
		replace: '',
		tests: ['test/unit/src/handshake/handshake.test.ts']
	},
	{
		file: `${folder}/closings.ts`,
		name: 'a filter is asked in the context of somebody else',
		find: 'return AsyncResource.bind(filter);',
		replace: 'return filter;',
		tests: suite('closings')
	},
	{
		file: `${folder}/closings.ts`,
		name: 'an upgrade under way hears of no call',
		find: 'return { after: this.#last, order: this.#count };',
		replace: 'return { after: {}, order: this.#count };',
		tests: suite('closings')
	},
	{
		file: `${folder}/subscription.ts`,
		name: 'what waits is lost where its subscription ends',
		find: '\t\tthis.#isEnded = true;\n\t\tthis.#onEnd(this);',
		replace: '\t\tthis.#isEnded = true;\n\t\tthis.#messages.length = 0;\n\t\tthis.#onEnd(this);',
		tests: suite('registry')
	},
	{
		file: `${folder}/global.ts`,
		name: 'two copies of the package have a registry each',
		find: "Symbol.for('svelte-adapter-ws')",
		replace: "Symbol('svelte-adapter-ws')",
		tests: suite('global')
	}
];
