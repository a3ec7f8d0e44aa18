import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StackMapper } from '../../../src/server/stack.ts';
import { tempFolder, type TempFolder } from '../support/folder.ts';

const source = `interface Options { cause?: unknown }

export async function fail(message: string, options?: Options): Promise<never> {
	await null;
	throw new Error(message, options);
}
`;

/** Below it is an app whose name has to be encoded in a URL. */
let folder: TempFolder;
/** Where `new Error` is in what was built: line and column from 1. */
let compiledPlace: string;

beforeAll(async () => {
	folder = tempFolder({ 'my app (1)/src/fail.ts': source });
	await build({
		root: join(folder.path, 'my app (1)'),
		configFile: false,
		logLevel: 'error',
		build: {
			ssr: 'src/fail.ts',
			outDir: 'build/server',
			sourcemap: true,
			rolldownOptions: { output: { entryFileNames: '[name].js', banner: '// one\n// two' } }
		}
	});
	const lines = readFileSync(compiled(), 'utf8').split('\n');
	const line = lines.findIndex((each) => each.includes('new Error'));
	compiledPlace = `${line + 1}:${(lines[line]?.indexOf('new Error') ?? 0) + 1}`;
});

afterAll(() => folder[Symbol.dispose]());

function compiled(): string {
	return join(folder.path, 'my app (1)/build/server/fail.js');
}

/** What `fail` throws, as plain Node sees it: here the test runner has mapped stacks by itself. */
function failure(message = 'it broke', options?: ErrorOptions): Error {
	const error = new Error(message, options);
	error.stack = [
		`Error: ${message}`,
		`    at fail (${pathToFileURL(compiled()).href}:${compiledPlace})`,
		'    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)'
	].join('\n');
	return error;
}

/** The first line of a stack that is a frame. */
function place({ stack = '' }: Error): string | undefined {
	return stack
		.split('\n')
		.find((line) => line.startsWith('    at '))
		?.trim();
}

/** How the place is said from the working directory. */
function mapped(): string {
	return `at fail (${relative(process.cwd(), join(folder.path, 'my app (1)/src/fail.ts'))}:5:8)`;
}

describe('the stack of an error of the app', () => {
	it('names the source, from the working directory', () => {
		const error = failure();
		const stack = error.stack ?? '';
		expect(place(error)).toMatch(/fail \(file:.*fail\.js:\d+:\d+\)$/);
		new StackMapper().map(error);
		expect(place(error)).toBe(mapped());
		expect(error.stack?.split('\n')).toHaveLength(stack.split('\n').length);
		expect(error.message).toBe('it broke');
	});

	it.each(['fail (', 'async fail (', '', 'async '])(
		'names the source where a frame has a path instead of a URL, as in Bun: at %j',
		(call) => {
			const error = failure();
			const end = call.endsWith('(') ? ')' : '';
			error.stack = `Error: it broke\n    at ${call}${compiled()}:${compiledPlace}${end}`;
			new StackMapper().map(error);
			expect(place(error)).toBe(mapped().replace('fail (', call).replace(/\)?$/, end));
		}
	);

	it('is not changed a second time', () => {
		const mapper = new StackMapper();
		const error = failure();
		mapper.map(error);
		const { stack } = error;
		mapper.map(error);
		expect(error.stack).toBe(stack);
	});

	it('names it in causes and in the errors of an AggregateError too', () => {
		const root = failure('root');
		const middle = failure('middle', { cause: root });
		const error = new AggregateError([middle, 'no error', null]);
		new StackMapper().map(error);
		expect([place(middle), place(root)]).toEqual([mapped(), mapped()]);
	});

	it('is left alone where there is no map, and in what packages bring', () => {
		const map = JSON.stringify({ version: 3, names: [], mappings: 'AAAA', sources: ['a.ts'] });
		using other = tempFolder({ 'node_modules/x/x.js.map': map, 'build/y.js': '' });
		const url = pathToFileURL(other.path).href;
		const error = failure();
		const stack = `Error: x\n    at ${url}/node_modules/x/x.js:1:1\n    at ${url}/build/y.js:1:1`;
		error.stack = stack;
		new StackMapper().map(error);
		expect(error.stack).toBe(stack);
	});

	it.each(['', '{}', '{ "version": 3, "sources": 7, "mappings": "AAAA" }', 'null'])(
		'is left alone where the map is broken: %s',
		(content) => {
			using other = tempFolder({ 'build/x.js': '', 'build/x.js.map': content });
			const error = failure();
			error.stack = `Error: x\n    at ${pathToFileURL(join(other.path, 'build/x.js')).href}:1:2`;
			const { stack } = error;
			new StackMapper().map(error);
			expect(error.stack).toBe(stack);
		}
	);

	it('is left alone where a module has no file of its own, and obeys sourceRoot', () => {
		const map = { version: 3, names: [], mappings: 'AAAA;ACAA' };
		using other = tempFolder({
			'build/x.js.map': JSON.stringify({
				...map,
				sourceRoot: '../src/',
				sources: ['\0virtual:x', 'a.ts']
			})
		});
		const url = pathToFileURL(join(other.path, 'build/x.js')).href;
		const error = new Error('x');
		error.stack = `Error: x\n    at one (${url}:1:1)\n    at async two (${url}:2:1)`;
		new StackMapper().map(error);
		expect(error.stack).toMatch(
			/^Error: x\n {4}at one \(file:.*x\.js:1:1\)\n {4}at async two \(.*\/src\/a\.ts:1:1\)$/
		);
	});
});

describe('what is no usual error', () => {
	it.each([undefined, null, 'text', 7, Symbol('x'), {}, { stack: 7 }, () => {}])(
		'does no harm: %o',
		(thrown) => {
			expect(() => new StackMapper().map(thrown)).not.toThrow();
		}
	);

	it('does no harm where its parts cannot be read or written', () => {
		const frozen = Object.freeze(failure());
		const hostile = {
			get stack(): string {
				throw new Error('no');
			}
		};
		const endless = class {
			readonly stack = 'x';
			get cause(): object {
				return new endless();
			}
		};
		const circular = failure();
		circular.cause = circular;
		for (const each of [frozen, hostile, new endless(), circular]) {
			expect(() => new StackMapper().map(each)).not.toThrow();
		}
		expect(place(circular)).toBe(mapped());
	});
});

it('reads a map once', () => {
	const mapper = new StackMapper();
	mapper.map(failure());
	const map = `${compiled()}.map`;
	rmSync(map);
	try {
		const error = failure();
		mapper.map(error);
		expect(place(error)).toBe(mapped());
	} finally {
		writeFileSync(map, '');
	}
});
