/** Build time, and what is put on Vite's servers. */

/** @param {string[]} names */
const suite = (...names) => names.map((name) => `test/unit/adapter/${name}.test.ts`);

/** @type {import('../mutation-testing/mutations.js').Mutation[]} */
export default [
	{
		file: 'adapter/assets.ts',
		name: 'dotfiles are served',
		find: "return !isDotfile || file.startsWith('.well-known/');",
		replace: 'return true;',
		tests: suite('assets')
	},
	{
		file: 'adapter/assets.ts',
		name: '.well-known is hidden with the dotfiles',
		find: "!isDotfile || file.startsWith('.well-known/')",
		replace: '!isDotfile',
		tests: suite('assets')
	},
	{
		file: 'adapter/assets.ts',
		name: 'the size of a file is that of its last piece',
		find: '(read = readSync(descriptor, buffer)) > 0; size += read',
		replace: '(read = readSync(descriptor, buffer)) > 0; size = read',
		tests: suite('assets')
	},
	{
		file: 'adapter/assets.ts',
		name: 'the hash of a file is that of what was in the buffer before, too',
		find: 'hash.update(buffer.subarray(0, read));',
		replace: 'hash.update(buffer);',
		tests: suite('assets')
	},
	{
		file: 'adapter/assets.ts',
		name: 'files stay open while a build measures them',
		find: '\t} finally {\n\t\tcloseSync(descriptor);\n\t}',
		replace: '\t} finally {\n\t}',
		tests: suite('assets')
	},
	{
		file: 'adapter/assets.ts',
		name: 'gzip is announced with the size of brotli',
		find: 'entry.gz = statSync(`${path}.gz`).size;',
		replace: 'entry.gz = statSync(`${path}.br`).size;',
		tests: suite('assets')
	},
	{
		file: 'adapter/assets.ts',
		name: 'an alias takes the place of a file',
		find: 'if (taken.has(alias)) continue;',
		replace: '',
		tests: suite('assets')
	},
	{
		file: 'adapter/assets.ts',
		name: 'files are not below the base',
		find: '[`${base}/${entry.file}`, entry]',
		replace: '[`/${entry.file}`, entry]',
		tests: suite('assets')
	},
	{
		file: 'adapter/assets.ts',
		name: 'what an endpoint has prerendered loses its content type',
		find: 'type ? { ...entry, type } : entry',
		replace: 'entry',
		tests: suite('assets')
	},
	{
		file: 'adapter/assets.ts',
		name: 'a file with a percent sign hides another',
		find: 'encoded.filter(([alias]) => !taken.has(alias))',
		replace: 'encoded',
		tests: suite('assets')
	},
	{
		file: 'adapter/native.ts',
		name: 'the binaries of all platforms are copied',
		find: "!source.endsWith('.node') || basename(source).startsWith(wanted)",
		replace: 'true',
		tests: suite('native')
	},
	{
		file: 'adapter/native.ts',
		name: 'a binary that ends the process is kept',
		find: 'if (failure?.end !== undefined) replace(copy, found, failure.end);',
		replace: '',
		tests: suite('native')
	},
	{
		file: 'adapter/native.ts',
		name: 'a binary that cannot be loaded is found out in production',
		find: "if (failure) throw addonError('uWebSockets.js cannot be loaded here', found, failure, host);",
		replace: '',
		tests: suite('native')
	},
	{
		file: 'adapter/source-maps.ts',
		name: 'maps lead to where the sources were',
		find: 'relative(to, resolve(from, source))',
		replace: 'source',
		tests: suite('source-maps')
	},
	{
		file: 'adapter/source-maps.ts',
		name: 'modules that a plugin makes up become files',
		find: "!source.includes('\\0') && ",
		replace: '',
		tests: suite('source-maps')
	},
	{
		file: 'adapter/kit2.ts',
		name: 'SvelteKit 3 is taken for SvelteKit 2',
		find: "return !('generateServerInstance' in builder);",
		replace: 'return true;',
		tests: suite('kit2')
	},
	{
		file: 'adapter/vite/claims.ts',
		name: 'the socket of HMR is taken away from Vite',
		find: "vites.has(protocol) && url.split('?', 1)[0] === updates",
		replace: 'false',
		tests: suite('vite/claims')
	},
	{
		file: 'adapter/vite/claims.ts',
		name: 'a client with the subprotocol of HMR is left to Vite at every path',
		find: "vites.has(protocol) && url.split('?', 1)[0] === updates",
		replace: 'vites.has(protocol)',
		tests: suite('vite/claims')
	},
	{
		file: 'adapter/vite/claims.ts',
		name: 'upgrades of a proxy that forwards none are left to it',
		find: 'Boolean(options) && matches(context, url) && forwardsSockets(options)',
		replace: 'Boolean(options) && matches(context, url)',
		tests: suite('vite/claims')
	},
	{
		file: 'adapter/vite/claims.ts',
		name: 'a proxy with a pattern is one with a prefix',
		find: "context.startsWith('^') ? new RegExp(context).test(url) : url.startsWith(context)",
		replace: 'url.startsWith(context)',
		tests: suite('vite/claims')
	},
	{
		file: 'adapter/vite/claims.ts',
		name: 'a proxy to a ws: target is not known for one of sockets',
		find: "ws === true || /^wss?:/.test(String(target ?? ''))",
		replace: 'ws === true',
		tests: suite('vite/claims')
	},
	{
		file: 'adapter/vite/hooks.ts',
		name: 'a build in which sockets run past handle is none to stop for',
		find: '\t\t\t\tthrow notFound();\n',
		replace: '\t\t\t\t;\n',
		tests: suite('vite/hooks')
	},
	{
		file: 'adapter/vite/hooks.ts',
		name: 'SvelteKit before 2.31 cannot find its own module',
		find: "exists ? internal : '$app/server'",
		replace: 'internal',
		tests: suite('vite/hooks')
	},
	{
		file: 'adapter/vite/hook-file.ts',
		name: 'the matchers of src/params are left out',
		find: '\\n${exportMatchers(root, params)}`',
		replace: '`',
		tests: suite('vite/hook-file')
	},
	{
		file: 'adapter/vite/hook-file.ts',
		name: 'nobody hears of exports that nobody reads',
		find: 'if (unread.length === 0) return undefined;',
		replace: 'return undefined;',
		tests: suite('vite/hook-file')
	},
	{
		file: 'adapter/vite/hook-file.ts',
		name: 'src/websocket/index.ts is no hook file',
		find: ', `${path}/index.ts`, `${path}/index.js`]',
		replace: ']',
		tests: suite('vite/hook-file')
	},
	{
		file: 'adapter/vite/kit-options.ts',
		name: 'checkOrigin false is not the star',
		find: "checkOrigin === false ? [...trustedOrigins, '*'] : trustedOrigins",
		replace: 'trustedOrigins',
		tests: suite('vite/kit-options')
	},
	{
		file: 'adapter/vite/kit-options.ts',
		name: 'an async matcher of SvelteKit 2 that rejects ends the process',
		find: 'if (isMatch instanceof Promise) isMatch.catch(() => {});',
		replace: '',
		tests: suite('vite/kit-options')
	},
	{
		file: 'adapter/vite/respond.ts',
		name: 'a proxy is asked for a page in the place of an upgrade',
		find: 'middlewares.stack.filter((item) => !isProxy(item))',
		replace: 'middlewares.stack',
		tests: suite('vite/respond')
	},
	{
		file: 'adapter/vite/respond.ts',
		name: 'early hints are taken for the answer',
		find: 'return isInterim && end !== -1 ? skipInterim',
		replace: 'return false ? skipInterim',
		tests: suite('vite/respond')
	},
	{
		file: 'adapter/vite/respond.ts',
		name: 'in dev the app goes on for a client that has left',
		find: "request.signal.addEventListener('abort', () => wire.destroy(), { once: true });",
		replace: '',
		tests: suite('vite/respond')
	},
	{
		file: 'adapter/vite/respond.ts',
		name: 'several cookies of an answer are one',
		find: 'return [line.slice(0, colon), line.slice(colon + 1).trim()];',
		replace: 'return [line.slice(0, colon), line.slice(colon + 1).trim().split(",")[0]];',
		tests: suite('vite/respond')
	},
	{
		file: 'adapter/vite/bypass.ts',
		name: 'what bypass hands back is left unanswered',
		find: '\tupgrade.answer();',
		replace: '',
		tests: suite('vite/bypass')
	},
	{
		file: 'adapter/vite/bypass.ts',
		name: 'what bypass hands back has its old URL',
		find: '\treq.url = url;\n',
		replace: '',
		tests: suite('vite/bypass')
	},
	{
		file: 'adapter/vite/bypass.ts',
		name: 'an upgrade whose bypass rejects is left open',
		find: '() => refuse(upgrade)\n\t\t\t);',
		replace: '() => {}\n\t\t\t);',
		tests: suite('vite/bypass')
	},
	{
		file: 'adapter/vite/bypass.ts',
		name: 'an upgrade whose bypass throws is left open',
		find: '\t\t\trefuse(upgrade);\n\t\t\tthrow error;',
		replace: '\t\t\tthrow error;',
		tests: suite('vite/bypass')
	}
];
