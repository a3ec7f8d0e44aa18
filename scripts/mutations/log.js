/** The one place that numbers what topics remember, and the ways to it. */
const log = 'src/server/bus/log';
const shared = ['test/unit/src/bus/log/shared-log.test.ts'];
const histories = ['test/unit/src/bus/log/histories.test.ts'];
const redis = ['test/unit/src/bus/redis/log.test.ts'];

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: `${log}/appends.ts`,
		name: 'what has waited waits as long again',
		find: 'Math.max(patience + since - performance.now(), 0)',
		replace: 'patience',
		tests: shared
	},
	{
		file: `${log}/appends.ts`,
		name: 'more leaves together than is taken',
		find: 'bytes > this.#link.maxEntry || ',
		replace: '',
		tests: shared
	},
	{
		file: `${log}/calls.ts`,
		name: 'what does not answer is asked again and again',
		find: '(this.#late > 0 ? noAnswer() : undefined)',
		replace: 'undefined',
		tests: shared
	},
	{
		file: `${log}/calls.ts`,
		name: 'what has answered late is never asked again',
		find: 'if (isLate) this.#late -= 1;',
		replace: '',
		tests: shared
	},
	{
		file: `${log}/calls.ts`,
		name: 'who waits when the connection is lost waits on',
		find: 'for (const giveUp of [...this.#waiting]) giveUp(reason);',
		replace: '',
		tests: shared
	},
	{
		file: `${log}/reads.ts`,
		name: 'what is read may have a hole',
		find: 'if (page.entries[0]?.offset !== from + 1 && page.last > from) entries = [];',
		replace: '',
		tests: shared
	},
	{
		file: `${log}/reads.ts`,
		name: 'what is read may be of two epochs',
		find: 'if (page.epoch !== first.epoch) {',
		replace: 'if (page.epoch === undefined) {',
		tests: shared
	},
	{
		file: `${log}/reads.ts`,
		name: 'everything is read at once',
		find: 'while (this.#running >= most)',
		replace: 'while (this.#running < 0)',
		tests: shared
	},
	{
		file: `${log}/histories.ts`,
		name: 'a topic that is used is forgotten like one that is not',
		find: '		this.#topics.delete(topic);\n		this.#topics.set(topic, kept);',
		replace: '		this.#topics.set(topic, kept);',
		tests: histories
	},
	{
		file: `${log}/histories.ts`,
		name: 'nothing bounds what all topics remember',
		find: 'if (this.#weight <= this.#limit || this.#topics.size === 1) return;',
		replace: 'if (this.#topics.size > 0) return;',
		tests: histories
	},
	{
		file: `${log}/histories.ts`,
		name: 'what is too old still weighs',
		find: '			history.expire();\n			this.#weigh(topic, kept);',
		replace: '			history.expire();',
		tests: histories
	},
	{
		file: `${log}/histories.ts`,
		name: 'a page has all that there is',
		find: '(bytes += sizeOf(entry)) >= pageBytes',
		replace: '(bytes += sizeOf(entry)) >= Infinity',
		tests: histories
	},
	{
		file: 'src/server/bus/redis/log.ts',
		name: 'a clock that was set makes everything late for good',
		find: 'this.#owners.delete(topic);',
		replace: '',
		tests: redis
	},
	{
		file: 'src/server/bus/redis/log.ts',
		name: 'a server without the script is given up',
		find: "if (!messageOf(error).startsWith('NOSCRIPT')) throw error;",
		replace: 'throw error;',
		tests: redis
	}
];
