/** One socket, after the 101. */
const folder = 'src/server/socket';
/** @param {string[]} names */
const suite = (...names) => names.map((name) => `test/unit/src/socket/${name}.test.ts`);

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: `${folder}/session.ts`,
		name: 'a message does not wait for open',
		find: 'this.#turns.isBusy || ordered || incoming',
		replace: 'ordered || incoming',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'ordered messages are not in order',
		find: 'this.#turns.isBusy || ordered || incoming',
		replace: 'this.#turns.isBusy || incoming',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'one message that waits may be of any size',
		find: 'this.#turns.bytes + bytes <= maxWaiting',
		replace: 'this.#turns.bytes <= maxWaiting',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'what waits is counted in characters',
		find: 'Buffer.byteLength(data) + overhead',
		replace: 'data.length + overhead',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'small messages that wait take nothing',
		find: 'Buffer.byteLength(data) + overhead',
		replace: 'Buffer.byteLength(data)',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'who sends too much is told 1009',
		find: "peer.close(1008, 'Too many",
		replace: "peer.close(1009, 'Too many",
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'who sends too much is heard on',
		find: '\t\tthis.#isDeaf = true;\n\t\tconst hook',
		replace: '\t\tconst hook',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a socket whose open has failed gets messages that were early',
		find: 'this.#turns.clear();',
		replace: '',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a socket whose open has failed stays',
		find: "this.#live?.peer.close(1011, 'The socket could not be opened');",
		replace: '',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a slow peer is told that it has broken a rule',
		find: "socket.close(1013, 'Too slow'",
		replace: "socket.close(1008, 'Too slow'",
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'closed twice, the hook is called twice',
		find: 'this.#live === undefined || this.#live.peer.readyState === 3',
		replace: 'this.#live === undefined',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'who has left is still sent to',
		find: 'registry.remove(peer);',
		replace: '',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'who has left stays a peer of its path',
		find: 'route.members?.leave(peer);',
		replace: '',
		tests: ['test/unit/src/registry/endpoints.test.ts']
	},
	{
		file: `${folder}/session.ts`,
		name: 'listeners hear of the end with the hook, which waits',
		find: "hooks.tell(peer.takeListeners('close'), () => ({ type: 'close', ...details }));",
		replace: '',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'listeners hear of the end twice',
		find: "hooks.tell(peer.takeListeners('close')",
		replace: "hooks.tell(peer.listeners('close')",
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'the close hook is not told why',
		find: '{ code, reason, ...(cause && { cause }) }',
		replace: '{ code, reason }',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a beat says that messages were heard which wait',
		find: 'this.#isOpen && !this.#turns.areWaiting',
		replace: 'true',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a beat is a message of the app',
		find: 'if (this.#hasBeats && isBeat(data))',
		replace: 'if (false)',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'the app misses what looks like a beat, though nobody has asked for beats',
		find: 'if (this.#hasBeats && isBeat(data)) {',
		replace:
			'if (isBeat(data) && !this.#hasBeats) {\n\t\t\treturn;\n\t\t} else if (this.#hasBeats && isBeat(data)) {',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a message runs in the context of whoever causes it',
		find: 'this.#options.context.run(() => this.#receive(data, reply));',
		replace: 'this.#receive(data, reply);',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a drain hook runs in the context of whoever causes it',
		find: 'if (this.#isOpen) this.#options.context.run(() => this.#drained());',
		replace: 'if (this.#isOpen) this.#drained();',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'ordered messages do not wait for listeners',
		find: 'allOf([called, ...told])',
		replace: 'allOf([called])',
		tests: suite('session')
	},
	{
		file: `${folder}/hooks.ts`,
		name: 'a hook that rejects ends the process',
		find: 'Promise.resolve(result).then(() => true, failed)',
		replace: 'Promise.resolve(result).then(() => true)',
		tests: suite('session')
	},
	{
		file: `${folder}/hooks.ts`,
		name: 'a listener that fails keeps the others from hearing',
		find: 'listeners.map((listener) => this.call(event.type, () => listener(event)))',
		replace: 'listeners.map((listener) => (listener(event), true))',
		tests: suite('listeners')
	},
	{
		file: `${folder}/hooks.ts`,
		name: 'handleError hears nothing of what the error hook has handled',
		find: 'if (report !== undefined || !isHandled || more.length > 0) pass(what, error);',
		replace: 'if (!isHandled || more.length > 0) pass(what, error);',
		tests: suite('session')
	},
	{
		file: `${folder}/hooks.ts`,
		name: 'an error that is thrown again is reported twice',
		find: 'more.filter((each) => each !== error)',
		replace: 'more',
		tests: suite('session')
	},
	{
		file: `${folder}/hooks.ts`,
		name: 'a stack in the log names the bundle',
		find: 'settings.log.mapStack(error);',
		replace: '',
		tests: suite('session')
	},
	{
		file: `${folder}/peer.ts`,
		name: 'a peer that closes can subscribe',
		find: '\t\tif (this.#readyState !== 1) return;\n\t\tconst isNew',
		replace: '\t\tconst isNew',
		tests: suite('peer')
	},
	{
		file: `${folder}/peer.ts`,
		name: 'what a peer publishes does not reach subscriptions',
		find: 'this.#hub.published(topic, data, compress);',
		replace: '',
		tests: suite('peer')
	},
	{
		file: `${folder}/peer.ts`,
		name: 'the signal of a peer never aborts',
		find: '\t\tthis.#topics?.clear();\n\t\tthis.#controller?.abort();',
		replace: '\t\tthis.#topics?.clear();',
		tests: suite('peer')
	},
	{
		file: `${folder}/peer.ts`,
		name: 'the signal of a peer that is gone never aborts',
		find: 'if (this.#readyState === 3) this.#controller.abort();',
		replace: '',
		tests: suite('peer')
	},
	{
		file: `${folder}/peer.ts`,
		name: 'closed twice, the second code counts',
		find: '\t\tif (this.#readyState !== 1) return;\n\t\tthis.#readyState = 2;',
		replace: '\t\tthis.#readyState = 2;',
		tests: suite('peer')
	},
	{
		file: `${folder}/peer.ts`,
		name: 'terminate waits for the closing handshake',
		find: 'this.#socket.terminate();',
		replace: "this.#socket.close(1000, '');",
		tests: suite('peer')
	},
	{
		file: `${folder}/peer.ts`,
		name: 'a topic is left only in name',
		find: '\t\tif (!this.#topics?.delete(topic)) return;\n\t\tthis.#socket.unsubscribe(topic);',
		replace: '\t\tif (!this.#topics?.delete(topic)) return;',
		tests: suite('peer')
	},
	{
		file: `${folder}/peer.ts`,
		name: 'a published message is never compressed',
		find: 'this.#socket.publish(topic, data, compress);',
		replace: 'this.#socket.publish(topic, data, false);',
		tests: suite('peer')
	},
	{
		file: `${folder}/encode.ts`,
		name: 'a view is sent with all of its buffer',
		find: 'new Uint8Array(value.buffer, value.byteOffset, value.byteLength)',
		replace: 'new Uint8Array(value.buffer)',
		tests: suite('encode')
	},
	{
		file: `${folder}/encode.ts`,
		name: 'a text that is no Unicode ends the connection of its browser',
		find: 'value.toWellFormed()',
		replace: 'value',
		tests: suite('encode')
	},
	{
		file: `${folder}/check.ts`,
		name: 'the reason of a close is counted in characters',
		find: 'if (Buffer.byteLength(reason) > maxReason)',
		replace: 'if (reason.length > maxReason)',
		tests: suite('peer')
	},
	{
		file: `${folder}/check.ts`,
		name: '1015 can be sent',
		find: 'code <= 1014',
		replace: 'code <= 1015',
		tests: suite('peer')
	},
	{
		file: `${folder}/check.ts`,
		name: 'an app can publish to topics of ours',
		find: ' || topic.startsWith(ownTopic)',
		replace: '',
		tests: suite('peer')
	},
	{
		file: `${folder}/turns.ts`,
		name: 'the last comes first',
		find: 'if (this.#last) this.#last.next = turn;',
		replace: 'if (this.#first) turn.next = this.#first, (this.#first = turn);',
		tests: suite('turns')
	},
	{
		file: `${folder}/turns.ts`,
		name: 'what waited is counted for ever',
		find: 'this.#bytes -= turn.bytes;',
		replace: '',
		tests: suite('turns')
	},
	{
		file: 'src/shared/heartbeat.ts',
		name: 'a ping as rare as the silence that ends a socket',
		find: 'idleTimeout * 250',
		replace: 'idleTimeout * 1000',
		tests: ['test/unit/src/shared/heartbeat.test.ts']
	},
	{
		file: 'src/shared/heartbeat.ts',
		name: 'a ping after a minute, when proxies have cut',
		find: 'longest = 30_000',
		replace: 'longest = 60_000',
		tests: ['test/unit/src/shared/heartbeat.test.ts']
	},
	{
		file: 'src/shared/json.ts',
		name: 'a Map is sent as {}',
		find: 'if (/^\\[object (Error|(Weak)?(Map|Set))\\]$/.test(tagOf(value))) return true;',
		replace: '',
		tests: suite('encode')
	},
	{
		file: 'src/shared/json.ts',
		name: 'a promise is sent as {}',
		find: 'isPromise = isThenable(value) && !hasToJson(value);',
		replace: '',
		tests: suite('encode')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a peer is not to be found in its own open hook',
		find: '\t\tregistry.add(peer);\n',
		replace: '\t\tqueueMicrotask(() => registry.add(peer));\n',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'the open hook runs in the context of the server',
		find: '\t\tcontext.run(() => {\n\t\t\tif (client?.resumed)',
		replace: '\t\t((call: () => void) => call())(() => {\n\t\t\tif (client?.resumed)',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a peer is open in its close hook',
		find: '\t\t\tpeer.markClosed();\n',
		replace: '',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a client that is silent is not answered that its beat was heard',
		find: 'const isHeard = this.#isOpen && !this.#turns.areWaiting;',
		replace: 'const isHeard = false;',
		tests: suite('session')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a client is not told when it should ask',
		find: '\t\t\tif (client === undefined) socket.send(beat + heartbeat, false);\n',
		replace: '',
		tests: suite('session')
	},
	{
		file: `${folder}/hooks.ts`,
		name: 'what the error hook throws is lost',
		find: '(tell) => attempt(tell, (second) => void more.push(second))',
		replace: '(tell) => attempt(tell, () => {})',
		tests: suite('session')
	},
	{
		file: `${folder}/listeners.ts`,
		name: 'listeners of one type hear of another',
		find: 'return this.#sets[type];',
		replace: 'return this.#sets.message as unknown as Sets[Type];',
		tests: suite('listeners')
	},
	{
		file: `${folder}/message.ts`,
		name: 'text is not bytes',
		find: 'new TextEncoder().encode(this.data)',
		replace: "new TextEncoder().encode('')",
		tests: suite('message')
	}
];
