import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface TypeError {
	start: number;
	line: number;
	/** What it points at, and all that follows. */
	at: string;
	says: string;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * What TypeScript says of modules, by their names.
 * @param base beside which file they would be: they need not exist
 * @param sources by name
 * @param config whose options they are compiled with
 */
export function typeErrors<Name extends string>(
	base: string,
	sources: Record<Name, string>,
	config = 'tsconfig.json'
): Record<string, TypeError[]> {
	const files = new Map(
		Object.entries<string>(sources).map(([name, source]) => [
			fileURLToPath(new URL(`./${name}.ts`, base)),
			{ name, source }
		])
	);
	const program = ts.createProgram(
		[...files.keys(), `${root}src/server/routing/kit-routing.d.ts`],
		compilerOptions(config),
		hostWith(config, new Map([...files].map(([path, { source }]) => [path, source])))
	);
	const said = [...files].map(([path, { name, source }]): [string, TypeError[]] => {
		const file = program.getSourceFile(path);
		const found = ts.getPreEmitDiagnostics(program, file).map(({ messageText, start = 0 }) => ({
			start,
			line: (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1,
			at: source.slice(start),
			says: ts.flattenDiagnosticMessageText(messageText, '\n')
		}));
		return [name, found.toSorted((a, b) => a.start - b.start)];
	});
	return Object.fromEntries(said);
}

function compilerOptions(name: string): ts.CompilerOptions {
	const read = (path: string) => ts.sys.readFile(path);
	const { config } = ts.readConfigFile(root + name, read) as { config: object };
	return ts.parseJsonConfigFileContent(config, ts.sys, dirname(root + name)).options;
}

function hostWith(config: string, sources: Map<string, string>): ts.CompilerHost {
	const host = ts.createCompilerHost(compilerOptions(config));
	const { getSourceFile } = host;
	host.getSourceFile = (path, version, ...rest) => {
		const source = sources.get(path);
		return source === undefined
			? getSourceFile(path, version, ...rest)
			: ts.createSourceFile(path, source, version);
	};
	host.readFile = (path) => sources.get(path) ?? ts.sys.readFile(path);
	host.fileExists = (path) => sources.has(path) || ts.sys.fileExists(path);
	return host;
}
