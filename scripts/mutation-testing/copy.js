import { cp, mkdir, mkdtemp, readdir, readlink, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';

/** What a copy does not need, or makes itself. */
const left = ['.git', '.svelte-kit', '.tmp', 'build', 'files', 'test-results', 'node_modules'];

/** Where packages are installed. */
const installed = ['node_modules', 'test/kit2/node_modules'];

/**
 * A copy of the project in a temporary folder. Installed packages are links to those of the project; those that are links
 * there, to the project itself and its apps, lead into the copy.
 * @param {string} root
 * @returns {Promise<string>} the folder
 */
export async function copyProject(root) {
	const folder = await mkdtemp(join(tmpdir(), 'svelte-adapter-ws-mutations-'));
	await cp(root, folder, {
		recursive: true,
		verbatimSymlinks: true,
		filter: (source) => source === root || !left.includes(basename(source))
	});
	for (const path of installed) await linkPackages(join(root, path), join(folder, path));
	return folder;
}

/**
 * @param {string} from
 * @param {string} to
 */
async function linkPackages(from, to) {
	await mkdir(to, { recursive: true });
	for (const entry of await readdir(from, { withFileTypes: true })) {
		const target = join(from, entry.name);
		if (entry.name.startsWith('.vite')) continue;
		await symlink(
			entry.isSymbolicLink() ? await readlink(target) : target,
			join(to, relative(from, target))
		);
	}
}
