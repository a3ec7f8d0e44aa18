/** The part of the browser's end that Svelte runs: seen in Chromium. */

/** @typedef {import('../mutation-testing/mutations.js').Mutation} Mutation */

const fixtures = ['test/e2e/fixtures/client'];

/**
 * @param {string} only
 * @param {string} [file]
 */
const seen = (only, file = 'client') => ({ tests: [`test/e2e/${file}.test.ts`], only, fixtures });

/**
 * In dev the app has no build.
 * @param {string} only
 */
const seenInDev = (only) => ({ tests: ['test/e2e/client-dev.test.ts'], only, fixtures: [] });

/** @type {Mutation[]} */
export default [
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'a socket outlives its component',
		find: 'return () => connection.close();\n\t\t});\n\t\tfollowUrl',
		replace: '});\n\t\tfollowUrl',
		...seen('leaves no socket behind')
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'closeOnNavigate does nothing',
		find: 'if (options.closeOnNavigate) whenNavigated(() => connection.close());',
		replace: '',
		...seen('in a module lives as long as the page')
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'the navigation that loads a module closes its socket',
		find: '(path === undefined && navigating.to?.url) || page.url',
		replace: 'page.url',
		...seen('in a module that a navigation brings along')
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'options that are state close the socket when they change',
		find: 'untrack(() => ({ ...given }))',
		replace: '({ ...given })',
		...seen('options may be state', 'client-values')
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'what listeners read is what an effect depends on',
		find: 'browserPage(untrack, basePath)',
		replace: 'browserPage((call) => call(), basePath)',
		...seen('options may be state', 'client-values')
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'while a component is rendered on the server, messages are kept for nobody',
		find: 'override send(): boolean {\n\t\treturn false;\n\t}',
		replace: '',
		...seen('on the server without effect')
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'a URL is asked for twice, and a token used up',
		find: 'fresh = { url: target };',
		replace: '',
		...seen('asks once per attempt')
	},
	{
		file: 'src/client/follow-url.svelte.ts',
		name: 'a socket stays where it is when its URL changes',
		find: 'if (isMove) changed(url, true);',
		replace: '',
		...seen('moves when its URL changes')
	},
	{
		file: 'src/client/follow-url.svelte.ts',
		name: 'a socket moves to where it is',
		find: 'place !== undefined && place !== String(url)',
		replace: 'place !== undefined',
		...seen('moves when its URL changes|turns out to be the same')
	},
	{
		file: 'src/client/create-websocket.svelte.ts',
		name: 'a message that is equal to the last wakes nobody',
		find: '({ count } = connection.inbox);',
		replace: 'count = connection.messages.length;',
		...seen('wake those who read them', 'client-values')
	},
	{
		file: 'src/client/create-websocket.svelte.ts',
		name: 'a change of the state wakes those who read messages',
		find: '\t\t({ count } = connection.inbox);\n\t};',
		replace: '\t\tcount += 1;\n\t};',
		...seen('wake those who read them', 'client-values')
	},
	{
		file: 'src/client/websocket-store.ts',
		name: 'a store has no error',
		find: "connection.state.error ? 'error' : 'disconnected'",
		replace: "'disconnected'",
		...seen('wake those who read them', 'client-values')
	},
	{
		file: 'src/client/action-urls.ts',
		name: 'a form action that redirects leads nowhere',
		find: 'await applyAction(result);',
		replace: '',
		...seen('a form action that redirects leads there')
	},
	{
		file: 'src/client/action-urls.ts',
		name: 'a form action that redirects leads away from where its user has gone',
		find: "gone.addEventListener('abort', abort);",
		replace: '',
		...seen('has nothing to say once its page was left')
	},
	{
		file: 'src/client/action-urls.ts',
		name: 'a redirect that handle returns is an answer that cannot be read',
		find: "if (isFollowed) return { type: 'redirect', status: 303, location: url };",
		replace: '',
		...seen('to which handle answers with a redirect')
	},
	{
		file: 'src/client/action-urls.ts',
		name: 'a URL that has expired is the end',
		find: "if (status === 'closed' && isStale) untrack(reconnect);",
		replace: '',
		...seen('that has expired is followed by another')
	},
	{
		file: 'src/client/WebSocket.svelte',
		name: 'the messages of another URL stay',
		find: '\t\tbefore = place;\n\t\tdata = [];',
		replace: '\t\tbefore = place;',
		...seen('the messages of a URL go with it')
	},
	{
		file: 'src/client/dev/orphans.ts',
		name: 'one more socket with every edit of a module',
		find: '\t\t\tcontroller.abort();\n\t\t\tend();',
		replace: '\t\t\tcontroller.abort();',
		...seenInDev('a module has one socket')
	},
	{
		file: 'src/client/dev/orphans.ts',
		name: 'a module that makes two sockets has one',
		find: 'if (url !== own.url || version === own.version) return;',
		replace: 'if (url !== own.url) return;',
		...seenInDev('or makes two')
	},
	{
		file: 'src/client/dev/orphans.ts',
		name: 'a socket with a signal is called nobody\u2019s',
		find: 'if (!isOwned()) console.warn(nobodys(site.place));',
		replace: 'console.warn(nobodys(site.place));',
		...seenInDev('nothing is said of a socket that has an end')
	}
];
