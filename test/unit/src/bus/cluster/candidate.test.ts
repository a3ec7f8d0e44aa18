import { spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { ownPlace, preparePlace } from '../../../../../src/server/bus/cluster/place.ts';
import { Router } from '../../../../../src/server/bus/cluster/router.ts';
import { Member } from './support.ts';

const elected = (place: string) => Member.open(place, true);

async function hearEachOther(members: readonly Member[]): Promise<void> {
	for (const one of members)
		for (const other of members) if (one !== other) await one.reaches(other);
}

describe('workers without a router', () => {
	it('elect one of them', async () => {
		const place = ownPlace();
		const members = await Promise.all(Array.from({ length: 6 }, () => elected(place)));
		await hearEachOther(members);
		for (const member of members) await member.transport.close();
		expect(existsSync(place)).toBe(false);
	});

	it('elect another one when it is gone, and know who was', async () => {
		const place = ownPlace();
		const first = await elected(place);
		await using two = await elected(place);
		await using three = await elected(place);
		await hearEachOther([first, two, three]);
		await first.transport.close();
		await two.hears(`left ${first.id}`);
		await three.hears(`left ${first.id}`);
		await hearEachOther([two, three]);
	});

	it('take the place of one that has left its socket behind', async () => {
		const place = ownPlace();
		preparePlace(place);
		spawnSync(process.execPath, [
			'-e',
			`require('net').createServer().listen(${JSON.stringify(place)}, () => process.kill(process.pid, 'SIGKILL'))`
		]);
		expect(existsSync(place)).toBe(true);
		const members = await Promise.all(Array.from({ length: 4 }, () => elected(place)));
		await hearEachOther(members);
		for (const member of members) await member.transport.close();
	});

	it('find together again when the socket of their router is not in its place any more', async () => {
		const place = ownPlace();
		await using one = await elected(place);
		renameSync(place, `${place}.gone`);
		await using two = await elected(place);
		await hearEachOther([one, two]);
		renameSync(`${place}.gone`, place);
		await using three = await elected(place);
		await hearEachOther([one, two, three]);
	});

	it('do not stand where somebody is', async () => {
		const place = ownPlace();
		preparePlace(place);
		const router = new Router();
		await router.listen(place);
		await using one = await elected(place);
		await using two = await elected(place);
		await hearEachOther([one, two]);
		router.close();
		await one.hears('disconnected');
		expect(one.told).not.toContain('left ');
	});
});
