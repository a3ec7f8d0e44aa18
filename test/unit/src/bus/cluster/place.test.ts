import { chmodSync, lstatSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ownPlace, placeOf, preparePlace } from '../../../../../src/server/bus/cluster/place.ts';
import { adapterError } from '../../../support/errors.ts';
import { tempFolder } from '../../../support/folder.ts';

describe('the place where workers meet', () => {
	afterEach(() => void vi.unstubAllEnvs());

	it('is the same for the same parts, and for no others', () => {
		expect(placeOf('a', 'b')).toBe(placeOf('a', 'b'));
		expect(
			new Set([placeOf('a', 'b'), placeOf('ab'), placeOf('b', 'a'), ownPlace(), ownPlace()]).size
		).toBe(5);
	});

	it('is in a folder that nobody else may enter', () => {
		using folder = tempFolder();
		vi.stubEnv('TMPDIR', folder.path);
		const place = ownPlace();
		preparePlace(place);
		preparePlace(place);
		expect(lstatSync(dirname(place)).mode & 0o777).toBe(0o700);
		chmodSync(dirname(place), 0o750);
		const { message } = adapterError(() => preparePlace(place), 'listen_failed');
		expect(message).toContain('is open to others');
	});

	it('is refused in one sentence where it cannot be', () => {
		using folder = tempFolder();
		const file = join(folder.path, 'file');
		writeFileSync(file, '');
		vi.stubEnv('TMPDIR', file);
		const { message } = adapterError(() => preparePlace(ownPlace()), 'listen_failed');
		expect(message).toMatch(/cannot be made \(.*ENOTDIR\)\. Set TMPDIR/);
	});

	it('has a path that every system takes, however long that of the temporary folder is', () => {
		vi.stubEnv('TMPDIR', `/tmp/${'x'.repeat(100)}`);
		expect(Buffer.byteLength(ownPlace())).toBeLessThan(90);
	});
});
