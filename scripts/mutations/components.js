/** The part of the browser's end that Svelte runs: seen in Chromium. */

/** @typedef {import('../mutation-testing/mutations.js').Mutation} Mutation */

const fixtures = ['test/e2e/fixtures/client'];

/** To build the app takes longer than the tests: all of those that may notice something are run, on one engine. */
const seen = {
	tests: ['test/e2e/client.test.ts'],
	only: [
		'on node .*(leaves no socket behind',
		'in a module',
		'on the server without effect',
		'asks once per attempt',
		'moves when its URL changes',
		'turns out to be the same',
		'a form action (that redirects|to which handle)',
		'that has expired',
		'the messages of a URL)'
	].join('|'),
	fixtures
};

const seenInValues = { tests: ['test/e2e/client-values.test.ts'], fixtures };

/** In dev the app has no build. */
const seenInDev = { tests: ['test/e2e/client-dev.test.ts'], fixtures: [] };

/** @type {Mutation[]} */
export default [
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'a socket outlives its component',
		find: 'return () => connection.close();\n\t\t});\n\t\tfollowUrl',
		replace: '});\n\t\tfollowUrl',
		...seen
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'closeOnNavigate does nothing',
		find: 'if (options.closeOnNavigate) whenNavigated(() => connection.close());',
		replace: '',
		...seen
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'the navigation that loads a module closes its socket',
		find: '(path === undefined && navigating.to?.url) || page.url',
		replace: 'page.url',
		...seen
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'options that are state close the socket when they change',
		find: 'untrack(() => ({ ...given }))',
		replace: '({ ...given })',
		...seenInValues
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'what listeners read is what an effect depends on',
		find: 'browserPage(untrack, basePath)',
		replace: 'browserPage((call) => call(), basePath)',
		...seenInValues
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'while a component is rendered on the server, messages are kept for nobody',
		find: 'override send(): boolean {\n\t\treturn false;\n\t}',
		replace: '',
		...seen
	},
	{
		file: 'src/client/create-connection.svelte.ts',
		name: 'a URL is asked for twice, and a token used up',
		find: 'fresh = { url: target };',
		replace: '',
		...seen
	},
	{
		file: 'src/client/follow-url.svelte.ts',
		name: 'a socket stays where it is when its URL changes',
		find: 'if (isMove) changed(url, true);',
		replace: '',
		...seen
	},
	{
		file: 'src/client/follow-url.svelte.ts',
		name: 'a socket moves to where it is',
		find: 'place !== undefined && place !== String(url)',
		replace: 'place !== undefined',
		...seen
	},
	{
		file: 'src/client/create-websocket.svelte.ts',
		name: 'the newest message wakes nobody once the history is full',
		find: '({ count } = connection.inbox);',
		replace: 'count = connection.messages.length;',
		...seenInValues
	},
	{
		file: 'src/client/create-websocket.svelte.ts',
		name: 'a change of the state wakes those who read messages',
		find: '\t\t({ count } = connection.inbox);\n\t};',
		replace: '\t\tcount += 1;\n\t};',
		...seenInValues
	},
	{
		file: 'src/client/websocket-store.ts',
		name: 'a store has no error',
		find: "connection.state.error ? 'error' : 'disconnected'",
		replace: "'disconnected'",
		...seenInValues
	},
	{
		file: 'src/client/action-urls.ts',
		name: 'a form action that redirects leads nowhere',
		find: 'await applyAction(result);',
		replace: '',
		...seen
	},
	{
		file: 'src/client/action-urls.ts',
		name: 'a form action that redirects leads away from where its user has gone',
		find: "gone.addEventListener('abort', abort);",
		replace: '',
		...seen
	},
	{
		file: 'src/client/action-urls.ts',
		name: 'a redirect that handle returns is an answer that cannot be read',
		find: "if (isFollowed) return { type: 'redirect', status: 303, location: url };",
		replace: '',
		...seen
	},
	{
		file: 'src/client/action-urls.ts',
		name: 'a URL that has expired is the end',
		find: "if (status === 'closed' && isStale) untrack(reconnect);",
		replace: '',
		...seen
	},
	{
		file: 'src/client/WebSocket.svelte',
		name: 'the messages of another URL stay',
		find: '\t\tbefore = place;\n\t\tdata = [];',
		replace: '\t\tbefore = place;',
		...seen
	},
	{
		file: 'src/client/dev/orphans.ts',
		name: 'one more socket with every edit of a module',
		find: '\t\t\tcontroller.abort();\n\t\t\tend();',
		replace: '\t\t\tcontroller.abort();',
		...seenInDev
	},
	{
		file: 'src/client/dev/orphans.ts',
		name: 'a module that makes two sockets has one',
		find: 'if (url !== own.url || version === own.version) return;',
		replace: 'if (url !== own.url) return;',
		...seenInDev
	},
	{
		file: 'src/client/dev/orphans.ts',
		name: 'a socket with a signal is called nobody\u2019s',
		find: 'if (!isOwned()) console.warn(nobodys(site.place));',
		replace: 'console.warn(nobodys(site.place));',
		...seenInDev
	}
];
