import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FileMemory } from '../../../../src/server/http/memory.ts';
import { tempFolder } from '../../support/folder.ts';

const kilobyte = 1024;

it('gives a small file from its second request on, whole or in part', async () => {
	using folder = tempFolder({ 'a.txt': '0123456789' });
	const memory = new FileMemory();
	const path = join(folder.path, 'a.txt');
	const get = (start: number, length: number) => memory.get({ path, start, length }, 10);
	expect(get(0, 10)).toBeUndefined();
	await expect.poll(() => get(0, 10)?.toString()).toBe('0123456789');
	expect(get(2, 3)?.toString()).toBe('234');
});

it('leaves a file above 512 KiB on disk', async () => {
	using folder = tempFolder({ small: 's', large: 'x'.repeat(512 * kilobyte + 1) });
	const memory = new FileMemory();
	const get = (name: string, size: number) =>
		memory.get({ path: join(folder.path, name), start: 0, length: size }, size);
	get('large', 512 * kilobyte + 1);
	get('small', 1);
	await expect.poll(() => get('small', 1)).toBeDefined();
	expect(get('large', 512 * kilobyte + 1)).toBeUndefined();
});

it('keeps 32 MiB in all', async () => {
	using folder = tempFolder();
	const memory = new FileMemory();
	const size = 64 * kilobyte;
	const get = (index: number) =>
		memory.get({ path: join(folder.path, String(index)), start: 0, length: size }, size);
	for (let index = 0; index < 513; index += 1) {
		writeFileSync(join(folder.path, String(index)), Buffer.alloc(size));
		// asked for by two at the same time it is kept once
		get(index);
		get(index);
	}
	await expect.poll(() => get(511)).toBeDefined();
	expect(get(512)).toBeUndefined();
});

it('leaves a half of it to files of at most 64 KiB', async () => {
	using folder = tempFolder();
	const memory = new FileMemory();
	const get = (name: string, size: number) =>
		memory.get({ path: join(folder.path, name), start: 0, length: size }, size);
	const large = 512 * kilobyte;
	const names = Array.from({ length: 33 }, (_, index) => `large-${index}`);
	for (const name of names) writeFileSync(join(folder.path, name), Buffer.alloc(large));
	for (const name of names) get(name, large);
	writeFileSync(join(folder.path, 'small'), Buffer.alloc(64 * kilobyte));
	get('small', 64 * kilobyte);
	await expect.poll(() => get('small', 64 * kilobyte)).toBeDefined();
	await expect.poll(() => names.filter((name) => get(name, large)).length).toBe(32);
});

it('asks the disk again for a file that could not be read', async () => {
	using folder = tempFolder();
	const memory = new FileMemory();
	const path = join(folder.path, 'late');
	const get = () => memory.get({ path, start: 0, length: 4 }, 4);
	expect(get()).toBeUndefined();
	writeFileSync(path, 'late');
	await expect.poll(() => get()?.toString()).toBe('late');
});

it('has as much room as before when files could not be read', async () => {
	using folder = tempFolder({ 'a.txt': 'a' });
	const memory = new FileMemory();
	const size = 64 * kilobyte;
	for (let index = 0; index < 512; index += 1) {
		memory.get({ path: join(folder.path, `gone ${index}`), start: 0, length: size }, size);
	}
	const get = () => memory.get({ path: join(folder.path, 'a.txt'), start: 0, length: 1 }, size);
	await expect.poll(() => get()?.toString()).toBe('a');
});
