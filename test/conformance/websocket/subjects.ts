import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runApp } from '../../support/server.ts';
import { kit2App, kit2Vite } from '../../support/kit2.ts';
import { appFolder, librariesFolder, type Subject, type Variant } from './subject.ts';

type Running = Pick<Subject, 'name' | 'kit' | 'run' | 'isProduction'>;

/** Where an app is, and which Vite builds it. */
interface Home {
	folder: string;
	viteBinary: string;
	kit: 2 | 3;
}

const ownVite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));

const kit3: Home = { folder: appFolder, viteBinary: ownVite, kit: 3 };

const kit2: Home = { folder: kit2App, viteBinary: kit2Vite, kit: 2 };

/** The header by which the tests say that they came over plain HTTP. */
const plainHttp = { PROTOCOL_HEADER: 'x-forwarded-proto' };

/** Vite's own servers, which the tests reach over plain HTTP anyway. */
function vite(command: 'dev' | 'preview', { folder, viteBinary, kit }: Home): Running {
	return {
		name: name(command, kit),
		kit,
		isProduction: false,
		run(variant, env = {}) {
			return runApp({
				args: ['--expose-gc', viteBinary, command, '--port', '0', '--host', '127.0.0.1'],
				cwd: folder,
				env: { VARIANT: variant, NO_COLOR: '1', ...env }
			});
		}
	};
}

function production(
	engine: 'uws' | 'node' | 'bun',
	{ folder, kit }: Home,
	own: Record<string, string> = {}
): Running {
	// SvelteKit 2 has no `paths.origin`.
	const origin = (variant: Variant): Record<string, string> =>
		kit === 2 && variant === 'single' ? { ORIGIN: 'https://app.example' } : {};
	return {
		name: name(engine, kit),
		kit,
		isProduction: true,
		run: (variant, env = {}) =>
			runApp({
				args: ['--expose-gc', join(folder, 'build', variant)],
				env: { ENGINE: engine, ...plainHttp, ...origin(variant), ...own, ...env }
			})
	};
}

function name(what: string, kit: 2 | 3): string {
	return kit === 3 ? what : `${what}, SvelteKit ${kit}`;
}

/** How `ws` ends a socket, which is also that of dev and preview; and Bun. */
const endings = { protocolError: 1002, invalidText: 1007, tooBig: 1009 } as const;
const uwsEndings = { protocolError: 1006, invalidText: 1006, tooBig: 1006 } as const;

/** All ways to run an app of SvelteKit 3. */
function subjectsOf(home: Home) {
	return {
		uws: { ...production('uws', home), endings: uwsEndings },
		node: { ...production('node', home), endings },
		bun: { ...production('bun', home), endings },
		dev: { ...vite('dev', home), endings },
		preview: { ...vite('preview', home), endings }
	} satisfies Record<string, Subject>;
}

export const { uws, node, bun, dev, preview } = subjectsOf(kit3);

/** The same of an app with libraries, which has only the variant `default`. */
export const libraries = subjectsOf({ folder: librariesFolder, viteBinary: ownVite, kit: 3 });

/** Without the fast paths, which the others have. */
const slow = { SVELTE_ADAPTER_WS_FAST: '0' };

export const kit2Uws: Subject = { ...production('uws', kit2, slow), endings: uwsEndings };
export const kit2Node: Subject = { ...production('node', kit2), endings };
export const kit2Bun: Subject = { ...production('bun', kit2), endings };
export const kit2Dev: Subject = { ...vite('dev', kit2), endings };
export const kit2Preview: Subject = { ...vite('preview', kit2), endings };
