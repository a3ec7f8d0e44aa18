/** Live queries over one socket. */

/** @param {string[]} names */
const suite = (...names) => names.map((name) => `test/unit/src/live/${name}.test.ts`);

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: 'src/server/live/window.ts',
		name: 'what may be under way never shrinks',
		find: 'waited > target) {',
		replace: 'waited > Infinity) {',
		tests: suite('window')
	},
	{
		file: 'src/server/live/turns.ts',
		name: 'a little of a live query waits behind a lot of others',
		find: '[this.#fresh, this.#others]',
		replace: '[this.#others, this.#fresh]',
		tests: suite('turns')
	},
	{
		file: 'src/server/live/live-pieces.ts',
		name: 'whoever has read a little of a body is sent as if it were all',
		find: 'this.#unread -= bytes;',
		replace: 'this.#unread = 0;',
		tests: suite('live-pieces')
	},
	{
		file: 'src/server/live/live-cookies.ts',
		name: 'cookies of live queries are given to everybody who has the key',
		find: '		this.#kept.delete(key);\n		return kept.cookies;',
		replace: '		return kept.cookies;',
		tests: suite('live-cookies')
	}
];
