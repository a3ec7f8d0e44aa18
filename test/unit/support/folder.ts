import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder that goes away at the end of the test: `using folder = tempFolder({ 'a/b.txt': 'text' })`. */
export interface TempFolder extends Disposable {
	readonly path: string;
	write(files: Record<string, string | Uint8Array>): void;
}

export function tempFolder(files: Record<string, string | Uint8Array> = {}): TempFolder {
	const path = realpathSync(mkdtempSync(join(tmpdir(), 'svelte-adapter-ws-')));
	const folder: TempFolder = {
		path,
		write(more) {
			for (const [name, content] of Object.entries(more)) {
				mkdirSync(dirname(join(path, name)), { recursive: true });
				writeFileSync(join(path, name), content);
			}
		},
		[Symbol.dispose]: () => rmSync(path, { recursive: true, force: true })
	};
	folder.write(files);
	return folder;
}
