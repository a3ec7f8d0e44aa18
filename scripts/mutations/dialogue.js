/** What a client of ours and its server say to each other, and what is asked about messages. */
const folder = 'src/server/socket';
/** @param {string[]} names */
const suite = (...names) => names.map((name) => `test/unit/src/socket/${name}.test.ts`);

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: `${folder}/own-session.ts`,
		name: 'a text of the app keeps the mark that escapes it',
		find: 'this.#session.receive(text.slice(mark.length))',
		replace: 'this.#session.receive(text)',
		tests: suite('own-session')
	},
	{
		file: `${folder}/own-session.ts`,
		name: 'bytes that belong to no request are taken for one',
		find: 'head?.bytes === data.byteLength',
		replace: 'head',
		tests: suite('requests')
	},
	{
		file: `${folder}/own-session.ts`,
		name: 'a text between a request and its bytes is forgotten',
		find: '\t\tthis.#head = undefined;\n',
		replace: '',
		tests: suite('requests')
	},
	{
		file: `${folder}/own-session.ts`,
		name: 'who leaves before resume keeps open waiting',
		find: '\t\tthis.#resuming?.done();\n\t\tthis.#resuming = undefined;\n',
		replace: '',
		tests: suite('own-session')
	},
	{
		file: `${folder}/own-session.ts`,
		name: 'a client may have any number of requests',
		find: 'if (this.#unanswered <= maxUnanswered)',
		replace: 'if (true)',
		tests: suite('requests')
	},
	{
		file: `${folder}/own-session.ts`,
		name: 'requests that were answered count for ever',
		find: 'this.#unanswered -= 1;',
		replace: '',
		tests: suite('requests')
	},
	{
		file: `${folder}/own-session.ts`,
		name: 'requests of the server outlive their client',
		find: 'this.#requests?.end();',
		replace: '',
		tests: suite('requests')
	},
	{
		file: `${folder}/reply.ts`,
		name: 'a page is told what has gone wrong in secret',
		find: "thrown ?? { status: 500, message: 'Internal Error' }",
		replace: 'thrown ?? { status: 500, message: String(error) }',
		tests: suite('requests')
	},
	{
		file: `${folder}/reply.ts`,
		name: 'any error with a status is an answer',
		find: ' || error instanceof Error',
		replace: '',
		tests: suite('requests')
	},
	{
		file: `${folder}/requests.ts`,
		name: 'the timer of a request that was answered goes on',
		find: '\t\t\tclearTimeout(timer);\n',
		replace: '',
		tests: suite('requests')
	},
	{
		file: `${folder}/requests.ts`,
		name: 'an endless timeout is over at once',
		find: 'timeout > maxDelay ? undefined : ',
		replace: '',
		tests: suite('requests')
	},
	{
		file: `${folder}/session.ts`,
		name: 'messages overtake one whose schema takes longer',
		find: 'checked instanceof Promise ? checked.then(() => heard) : heard',
		replace: 'heard',
		tests: suite('incoming')
	},
	{
		file: `${folder}/session.ts`,
		name: 'a refused message reaches its hook',
		find: 'if (result instanceof MessageError) this.#refuse(result, reply);\n\t\t\t\t\telse heard',
		replace: 'if (result instanceof MessageError) this.#refuse(result, reply);\n\t\t\t\t\theard',
		tests: suite('incoming')
	},
	{
		file: `${folder}/incoming.ts`,
		name: 'a client is told of any number of issues',
		find: 'issues.slice(0, maxIssues)',
		replace: 'issues',
		tests: suite('incoming')
	},
	{
		file: `${folder}/rate-limit.ts`,
		name: 'time does not count',
		find: 'if (now - this.#since >= per)',
		replace: 'if (false)',
		tests: suite('rate-limit')
	},
	{
		file: `${folder}/rate-limit.ts`,
		name: 'the first message above the limit is heard',
		find: '(this.#messages += 1) <= messages',
		replace: '(this.#messages += 1) <= messages + 1',
		tests: suite('rate-limit')
	},
	{
		file: `${folder}/rate-limit.ts`,
		name: 'a client may flood with what is no message',
		find: '(this.#others += 1) <= 2 * messages + 10 + per / 1000',
		replace: '(this.#others += 1) > 0',
		tests: suite('rate-limit')
	},
	{
		file: `${folder}/positions.ts`,
		name: 'a client may say any amount of positions',
		find: 'Buffer.byteLength(text) > maxResume',
		replace: 'false',
		tests: suite('own-session')
	},
	{
		file: `${folder}/checked-peer.ts`,
		name: 'what peers of a path are sent is not asked about',
		find: 'if (outgoing === undefined) return;',
		replace: 'return;',
		tests: suite('checked-peer')
	}
];
