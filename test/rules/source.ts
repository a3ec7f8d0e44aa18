import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** One file of the product, parsed. */
export interface Source {
	/** Relative to the project's root, with slashes. */
	path: string;
	lines: number;
	ast: ts.SourceFile;
}

export interface Import {
	/** A file relative to the project's root, or a package. */
	target: string;
	isType: boolean;
}

/** Every TypeScript file below these folders. */
export function readSources(...folders: string[]): Source[] {
	const paths = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`));
	return paths.toSorted().map((path) => {
		const text = readFileSync(path, 'utf8');
		const ast = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
		return { path: path.replaceAll('\\', '/'), lines: text.trimEnd().split('\n').length, ast };
	});
}

/** What a file imports and re-exports, dynamic imports included. */
export function importsOf({ path, ast }: Source): Import[] {
	const imports: Import[] = [];
	const add = (specifier: ts.Node | undefined, isType: boolean) => {
		if (!specifier || !ts.isStringLiteral(specifier)) return;
		const { text } = specifier;
		imports.push({ target: text.startsWith('.') ? join(dirname(path), text) : text, isType });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) {
			add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
		} else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
		else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
			add(node.arguments[0], false);
		}
		ts.forEachChild(node, visit);
	};
	visit(ast);
	return imports;
}

/** Name and length of every function, method and accessor. */
export function functionsOf({ ast }: Source): { name: string; lines: number }[] {
	const functions: { name: string; lines: number }[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isFunctionLike(node) && 'body' in node && node.body) {
			const line = (position: number) => ast.getLineAndCharacterOfPosition(position).line;
			const lines = line(node.end) - line(node.getStart()) + 1;
			functions.push({ name: node.name?.getText() ?? `line ${line(node.getStart()) + 1}`, lines });
		}
		ts.forEachChild(node, visit);
	};
	visit(ast);
	return functions;
}
