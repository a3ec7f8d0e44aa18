import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Text that looks random, compresses to about three quarters, and is the same every time. */
function noise(length: number): string {
	let state = 1;
	let text = '';
	while (text.length < length) {
		state = (state * 48271) % 2147483647;
		text += state.toString(36);
	}
	return text.slice(0, length);
}

/** Names that ask something of whoever decodes a path. Some cannot be checked out on every system. */
const nasty = [
	'with space.txt',
	'grüße.txt',
	'日本.txt',
	'emoji-😀.txt',
	'a+b.txt',
	'100%.txt',
	'percent%20literal.txt',
	'percent%2Fslash.txt',
	'semi;colon.txt',
	'at@sign.txt',
	'comma,name.txt',
	'hash#name.txt',
	'question?name.txt',
	"quote'name.txt",
	'(parens)[brackets].txt',
	'amp&equal=.txt',
	'dollar$bang!tilde~.txt',
	'colon:name.txt',
	'two  spaces.txt',
	'UPPER.TXT'
];

function contents(): Map<string, string | Buffer> {
	const files = new Map<string, string | Buffer>(nasty.map((name) => [name, `This is ${name}\n`]));
	return new Map([
		...files,
		['plain.txt', 'A plain file that is long enough to be compressed. '.repeat(40)],
		['empty.txt', ''],
		['empty', ''],
		['one-byte.txt', '1'],
		['no-extension', 'no extension at all'],
		['archive.tar.gz', 'not really an archive'],
		['unknown.xyz', 'a type that nobody knows'],
		['data.json', JSON.stringify({ text: 'grüße'.repeat(500) })],
		['image.svg', '<svg xmlns="http://www.w3.org/2000/svg"></svg>'],
		['site.webmanifest', '{}'],
		['module.mjs', 'export const a = 1;\n'],
		['program.wasm', Buffer.from([0, 97, 115, 109])],
		['large.txt', noise(200_000)],
		['two-megabytes.bin', Buffer.from(noise(2 * 1024 * 1024))],
		['docs/index.html', '<!doctype html><title>docs</title>'],
		['docs/page.html', '<!doctype html><title>page</title>'],
		['docs/nested/deep/index.html', '<!doctype html><title>deep</title>'],
		['both.html', '<!doctype html><title>the file</title>'],
		['both/index.html', '<!doctype html><title>the folder</title>'],
		['folder.txt/inner.txt', 'inside of a folder with an extension'],
		['.hidden.txt', 'hidden'],
		['.hidden/file.txt', 'hidden'],
		['docs/.hidden.txt', 'hidden'],
		['.well-known/security.txt', 'Contact: mailto:a@example.com'],
		['.well-known/.hidden.txt', 'not hidden'],
		['docs/.well-known/file.txt', 'hidden']
	]);
}

/** Write the files that both builds serve. */
export function writeStaticFiles(folder: string): void {
	write(join(folder, 'static'), contents());
	const index = '<!doctype html><title>index</title>';
	write(join(folder, 'static-with-index'), new Map([...contents(), ['index.html', index]]));
}

function write(folder: string, files: Map<string, string | Buffer>): void {
	rmSync(folder, { recursive: true, force: true });
	for (const [name, content] of files) {
		const path = join(folder, name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, content);
	}
}
