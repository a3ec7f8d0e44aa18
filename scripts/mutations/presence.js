/** Who is present on a topic, in all processes. */
const topics = 'src/server/topics';
const here = ['test/unit/src/topics/presences.test.ts'];
const others = ['test/unit/src/topics/presence-others.test.ts'];
const source = ['test/unit/src/topics/presence-source.test.ts'];
const random = ['test/unit/src/topics/presence-random.test.ts'];

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: `${topics}/presence-claim.ts`,
		name: 'who comes back is gone five seconds after his former socket',
		find: '		this.#forget();\n		this.#seats.set(follower, said);',
		replace: '		this.#seats.set(follower, said);',
		tests: here
	},
	{
		file: `${topics}/presence-claim.ts`,
		name: 'who only leaves is there for five more seconds',
		find: 'if (said !== undefined && isGraceful)',
		replace: 'if (said !== undefined)',
		tests: here
	},
	{
		file: `${topics}/presence-list.ts`,
		name: 'who comes and leaves in one turn is told to have left',
		find: 'if (before !== undefined) left.push(id);',
		replace: 'left.push(id);',
		tests: here
	},
	{
		file: `${topics}/presence-list.ts`,
		name: 'those who come are told of whoever was there in an earlier list',
		find: '		this.#whole = undefined;\n',
		replace: '',
		tests: here
	},
	{
		file: `${topics}/presence-list.ts`,
		name: 'a caller may change what others are told',
		find: '(_, value: unknown) => Object.freeze(value)',
		replace: '(_, value: unknown) => value',
		tests: here
	},
	{
		file: `${topics}/presence-frames.ts`,
		name: 'the rest of a long list is lost to a slow peer',
		find: "!== 'sent') return false;",
		replace: "!== 'sent') return true;",
		tests: here
	},
	{
		file: `${topics}/presence-topic.ts`,
		name: 'a list of which a part was dropped stays as it is',
		find: 'if (follower.dropped > lost) this.#brief(follower);',
		replace: 'if (lost < 0) this.#brief(follower);',
		tests: here
	},
	{
		file: `${topics}/presences.ts`,
		name: 'processes show different info where two clocks say the same',
		find: 'process > from',
		replace: 'false',
		tests: others
	},
	{
		file: `${topics}/presence-others.ts`,
		name: 'nobody is asked at a sign of life',
		find: 'if (version !== (this.#sources.get(process)?.version ?? 0)) this.#ask(process);',
		replace: '',
		tests: random
	},
	{
		file: `${topics}/presence-others.ts`,
		name: 'what is missing is asked for only at the next sign of life',
		find: 'if (source.isBehind) this.#ask(process);',
		replace: '',
		tests: others
	},
	{
		file: `${topics}/presence-others.ts`,
		name: 'one that is gone and known no longer is believed',
		find: 'if (processes.others.has(sender)) this.#hear(sender, data);',
		replace: 'this.#hear(sender, data);',
		tests: others
	},
	{
		file: `${topics}/presence-source.ts`,
		name: 'an older change undoes a newer one',
		find: 'if (version <= this.#version) return [];',
		replace: '',
		tests: source
	},
	{
		file: `${topics}/presence-source.ts`,
		name: 'who has left while nothing was heard stays in the lists of pages',
		find: 'const changed = [...this.#sayings, ...sayings];',
		replace: 'const changed = [...sayings];',
		tests: random
	},
	{
		file: `${topics}/presence-source.ts`,
		name: 'what came while everything was asked for is forgotten',
		find: '		this.#held.push(announcement);\n',
		replace: '',
		tests: source
	}
];
