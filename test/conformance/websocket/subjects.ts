import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runApp } from '../../support/server.ts';
import { appFolder, type Subject } from './subject.ts';

const viteBinary = fileURLToPath(
	new URL('../../../node_modules/vite/bin/vite.js', import.meta.url)
);

/** The header by which the tests say that they came over plain HTTP. */
const plainHttp = { PROTOCOL_HEADER: 'x-forwarded-proto' };

/** Vite's own servers, which the tests reach over plain HTTP anyway. */
function vite(command: 'dev' | 'preview'): Pick<Subject, 'name' | 'run' | 'isProduction'> {
	return {
		name: command,
		isProduction: false,
		async run(variant, env = {}) {
			const app = await runApp({
				args: ['--expose-gc', viteBinary, command, '--port', '0', '--host', '127.0.0.1'],
				cwd: appFolder,
				env: { VARIANT: variant, NO_COLOR: '1', ...env }
			});
			// The dev server compiles at the first request; `upgradeTimeout` is short in one of the variants.
			await fetch(`${app.url}/base/wait`, { headers: { 'x-websocket-probe': '1' } });
			await fetch(`${app.url}/base/slow`);
			return app;
		}
	};
}

function production(engine: 'uws' | 'node'): Pick<Subject, 'name' | 'run' | 'isProduction'> {
	return {
		name: engine,
		isProduction: true,
		run: (variant, env = {}) =>
			runApp({
				args: ['--expose-gc', join(appFolder, 'build', variant)],
				env: { ENGINE: engine, ...plainHttp, ...env }
			})
	};
}

export const uws: Subject = {
	...production('uws'),
	endings: { protocolError: 1006, invalidText: 1006, tooBig: 1006 }
};

export const node: Subject = {
	...production('node'),
	endings: { protocolError: 1002, invalidText: 1007, tooBig: 1009 }
};

/** Sockets in dev and preview are those of the Node engine. */
export const dev: Subject = { ...vite('dev'), endings: node.endings };

export const preview: Subject = { ...vite('preview'), endings: node.endings };
