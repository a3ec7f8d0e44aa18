import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { functionsOf, readSources, type Source } from './source.ts';

const sources = readSources('adapter', 'src');

/** Contracts: types and what they demand, no code. */
const contracts = /^src\/server\/(engine\/engine(-socket)?|bus\/(bus|transport))\.ts$/;

/** The public entry has to hand out the registry, which is the one thing on `globalThis`. */
const mayWorkAtImport = ['src/server/index.ts'];

/** Calls that make a constant and nothing else. */
const constantCalls = new Set(['Symbol', 'Symbol.for', 'Object.freeze', 'Promise.resolve']);
const constantClasses = new Set(['Set', 'RegExp']);

/** Statements of a module that run when it is imported and do more than define something. */
function workAtImport({ path, ast }: Source): string[] {
	return ast.statements
		.filter((statement) => {
			if (ts.isExpressionStatement(statement)) return true;
			if (!ts.isVariableStatement(statement))
				return ts.isIfStatement(statement) || ts.isForStatement(statement);
			return statement.declarationList.declarations.some(
				({ initializer }) => initializer && isWork(initializer)
			);
		})
		.map((statement) => `${path}: ${statement.getText().split('\n')[0]}`);
}

function isWork(node: ts.Node): boolean {
	if (ts.isFunctionLike(node)) return false;
	if (ts.isAwaitExpression(node)) return true;
	if (ts.isCallExpression(node) && !isConstantCall(node)) return true;
	if (ts.isNewExpression(node) && !constantClasses.has(node.expression.getText())) return true;
	return ts.forEachChild(node, isWork) ?? false;
}

/** Also a function of the same file that builds a rule from its arguments. */
function isConstantCall(node: ts.CallExpression): boolean {
	const name = node.expression.getText();
	if (constantCalls.has(name)) return true;
	return node
		.getSourceFile()
		.statements.some(
			(statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === name
		);
}

function mutableState({ path, ast }: Source): string[] {
	return ast.statements
		.filter(ts.isVariableStatement)
		.filter(({ declarationList, modifiers }) => {
			const isDeclared = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
			return !isDeclared && !(declarationList.flags & ts.NodeFlags.Const);
		})
		.map((statement) => `${path}: ${statement.getText()}`);
}

/** Where code runs once for each request, message or socket. */
const hot = /^src\/server\/(engine|http|handshake|registry|routing|socket)\//;

/**
 * V8 puts a function that is written right into a property, and the hidden class of an object that is written with a getter,
 * where only a full collection looks: whatever they know of a request stays in memory until then, and is copied there first.
 */
function longLived({ path, ast }: Source): string[] {
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		const isAssigned =
			ts.isBinaryExpression(node) &&
			/^(\?\?|\|\||&&)?=$/.test(node.operatorToken.getText()) &&
			ts.isPropertyAccessExpression(node.left) &&
			(ts.isArrowFunction(node.right) || ts.isFunctionExpression(node.right));
		const isLiteral = ts.isAccessor(node) && ts.isObjectLiteralExpression(node.parent);
		if (isAssigned || isLiteral) found.push(`${path}: ${node.getText().split('\n')[0]}`);
		ts.forEachChild(node, visit);
	};
	visit(ast);
	return found;
}

describe('the shape of the code', () => {
	it('has files of at most 250 lines', () => {
		expect(
			sources.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path}: ${lines}`)
		).toEqual([]);
	});

	it('has components of at most 100 lines', () => {
		const components = globSync('src/**/*.svelte');
		expect(components.length).toBeGreaterThan(0);
		const long = components.filter((path) => readFileSync(path, 'utf8').split('\n').length > 100);
		expect(long).toEqual([]);
	});

	it('has functions of at most 50 lines', () => {
		const long = sources.flatMap((source) =>
			functionsOf(source)
				.filter(({ lines }) => lines > 50)
				.map(({ name, lines }) => `${source.path} ${name}: ${lines}`)
		);
		expect(long).toEqual([]);
	});

	it('makes nothing for one request that only a full collection removes', () => {
		const checked = sources.filter(({ path }) => hot.test(path));
		expect(checked.length).toBeGreaterThan(0);
		expect(checked.flatMap(longLived)).toEqual([]);
	});

	it('has contracts without code', () => {
		const found = sources.filter(({ path }) => contracts.test(path));
		expect(found.length).toBeGreaterThan(0);
		const code = found.flatMap(({ path, ast }) =>
			ast.statements
				.filter((each) => !ts.isInterfaceDeclaration(each) && !ts.isTypeAliasDeclaration(each))
				.filter((each) => !ts.isImportDeclaration(each))
				.filter((each) => !(ts.isExportDeclaration(each) && each.isTypeOnly))
				.map((each) => `${path}: ${each.getText().split('\n')[0]}`)
		);
		expect(code).toEqual([]);
	});

	it('does no work at import', () => {
		const checked = sources.filter(
			({ path }) => !mayWorkAtImport.includes(path) && !path.endsWith('.d.ts')
		);
		expect(checked.flatMap(workAtImport)).toEqual([]);
		const excepted = sources.filter(({ path }) => mayWorkAtImport.includes(path));
		expect(excepted.flatMap(workAtImport)).toHaveLength(1);
	});

	it('has no state at module level', () => {
		expect(sources.flatMap(mutableState)).toEqual([]);
	});

	it('has one global, the registry', () => {
		const users = sources.filter(({ ast }) =>
			/\bglobalThis\b(?!\.console)/.test(withoutComments(ast))
		);
		expect(users.map(({ path }) => path)).toEqual(['src/server/registry/global.ts']);
	});

	it('gives every engine the same file names', () => {
		const folders = new Map<string, string[]>();
		for (const { path } of sources) {
			const match = /^src\/server\/engine\/([^/]+)\/(index|exchange|sink|socket)\.ts$/.exec(path);
			if (match)
				folders.set(match[1] ?? '', [...(folders.get(match[1] ?? '') ?? []), match[2] ?? '']);
		}
		expect(folders.size).toBeGreaterThan(0);
		for (const files of folders.values()) {
			expect(files).toEqual(['exchange', 'index', 'sink', 'socket']);
		}
	});
});

function withoutComments(ast: ts.SourceFile): string {
	return ts.createPrinter({ removeComments: true }).printFile(ast);
}
