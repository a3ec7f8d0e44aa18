const engine = ['test/conformance/engine/bun.test.ts'];

/** @param {string} name */
const unit = (name) => [`test/unit/src/engine/bun/${name}.test.ts`];

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: 'src/server/engine/bun/request.ts',
		name: 'gives the app a signal that never aborts',
		find: '	exchange.onAbort((reason) => controller.abort(reason));\n',
		replace: '',
		tests: unit('request')
	},
	{
		file: 'src/server/engine/bun/request.ts',
		name: 'gives the app no signal of its exchange',
		find: ', signal: controller.signal }',
		replace: ' }',
		tests: unit('request')
	},
	{
		file: 'src/server/engine/bun/request.ts',
		name: 'makes a GET of each request',
		find: '{ method, headers, signal',
		replace: '{ headers, signal',
		tests: unit('request')
	},
	{
		file: 'src/server/engine/bun/responses.ts',
		name: 'says of everything that it is text',
		find: "if (typeof body === 'string' && !response",
		replace: 'if (!response',
		tests: unit('responses')
	},
	{
		file: 'src/server/engine/bun/responses.ts',
		name: 'says of JSON that it is text',
		find: "if (!headers.has('content-type')) headers.set",
		replace: "if (headers.has('content-type')) headers.set",
		tests: unit('responses')
	},
	{
		file: 'src/server/engine/bun/responses.ts',
		name: 'sends a response that somebody has read',
		find: 'response.bodyUsed ? undefined : ',
		replace: '',
		tests: unit('responses')
	},
	{
		file: 'src/server/engine/bun/responses.ts',
		name: 'takes a status without a body for one with a body',
		find: 'if (hasContent(args[0]) && empty',
		replace: 'if (!hasContent(args[0]) && empty',
		tests: unit('responses')
	},
	{
		file: 'src/server/engine/bun/responses.ts',
		name: 'takes away what somebody else has put before it',
		find: 'if (this.#globals.Response === this.#watched) ',
		replace: '',
		tests: unit('responses')
	},
	{
		file: 'src/server/engine/bun/exchange.ts',
		name: 'forgets the address when the request is over',
		find: '		if (!this.#isKept) this.#keepAddress();\n',
		replace: '',
		tests: engine,
		only: 'bun: requests'
	},
	{
		file: 'src/server/engine/bun/exchange.ts',
		name: 'does not hear when the client leaves',
		find: "		if (!this.isEnded) this.#request.signal.addEventListener('abort', this.#leave, { once: true });\n",
		replace: '',
		tests: engine,
		only: 'bun: requests'
	},
	{
		file: 'src/server/engine/bun/body.ts',
		name: 'never ends a body',
		find: 'if (done) return body.end();',
		replace: 'if (done) return;',
		tests: engine,
		only: 'bun: requests'
	},
	{
		file: 'src/server/engine/bun/body.ts',
		name: 'reads a body however slowly it is read',
		find: '			if (isPaused) await wake.promise;\n',
		replace: '',
		tests: engine,
		only: 'bun: requests'
	},
	{
		file: 'src/server/engine/bun/socket.ts',
		name: 'lets what is sent overtake what was published',
		find: "		if (!this.#isOpen) return 'dropped';\n		this.flush();\n",
		replace: "		if (!this.#isOpen) return 'dropped';\n",
		tests: ['test/unit/src/engine/bun/socket.test.ts']
	},
	{
		file: 'src/server/engine/bun/socket.ts',
		name: 'closes a socket before what was published has left',
		find: '		this.flush();\n		this.#end();\n',
		replace: '		this.#end();\n',
		tests: ['test/unit/src/engine/bun/socket.test.ts']
	},
	{
		file: 'src/server/engine/bun/socket.ts',
		name: 'publishes to who is gone',
		find: '		this.#isOpen = false;\n		this.#forget();\n',
		replace: '		this.#isOpen = false;\n',
		tests: ['test/unit/src/engine/bun/socket.test.ts']
	},
	{
		file: 'src/server/engine/bun/sockets.ts',
		name: 'publishes to the sender, too',
		find: 'if (member !== sender) member',
		replace: 'member',
		tests: engine,
		only: 'bun: sockets'
	},
	{
		file: 'src/server/engine/bun/sockets.ts',
		name: 'tells of a drain while something is queued',
		find: ' || ws.getBufferedAmount() > 0) return;',
		replace: ') return;',
		tests: engine,
		only: 'bun: sockets'
	}
];
