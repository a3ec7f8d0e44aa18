import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where `server.js` serves them from: a folder beside `build`, so that the next build leaves it alone. */
const folder = 'uploads';

/** How each kind begins: what a browser says of a file is not to be believed. */
const kinds: Record<string, number[]> = {
	png: [0x89, 0x50, 0x4e, 0x47],
	jpg: [0xff, 0xd8, 0xff],
	gif: [0x47, 0x49, 0x46, 0x38],
	webp: [0x52, 0x49, 0x46, 0x46]
};

/** The paths of all pictures, the newest one first. */
export async function allPictures(): Promise<string[]> {
	const names = await readdir(folder).catch(() => []);
	const pictures = names.filter((name) => /^\d+-[\w-]+\.(png|jpg|gif|webp)$/.test(name));
	return pictures.toSorted().toReversed().map(pathOf);
}

/**
 * Keep a picture, under a name of ours.
 * @returns its path, or undefined for what is no picture
 */
export async function keepPicture(bytes: Uint8Array): Promise<string | undefined> {
	const [kind] =
		Object.entries(kinds).find(([, start]) =>
			start.every((byte, index) => bytes[index] === byte)
		) ?? [];
	if (kind === undefined) return undefined;
	const name = `${Date.now()}-${randomUUID()}.${kind}`;
	await mkdir(folder, { recursive: true });
	// Nobody sees half of one.
	const part = join(folder, `.${name}.part`);
	await writeFile(part, bytes);
	await rename(part, join(folder, name));
	return pathOf(name);
}

const pathOf = (name: string) => `/uploads/${name}`;
