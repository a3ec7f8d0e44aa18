import { describe, expect, it, vi } from 'vitest';
import { noLog } from '../../../src/server/log.ts';
import { findSetup, Installation } from '../../../src/server/setup.ts';
import { StagedSetup } from '../../../src/server/staged-setup.ts';

const ground = { engine: 'bun' } as const;

describe('setup of the hook file', () => {
	it.each([42, null, {}, 'io'])('is refused where it is no function: %j', (setup) => {
		expect(() => findSetup({ setup })).toThrow(/setup of src\/websocket is no function/);
	});

	it('is none where the file exports none, or is not there', () => {
		expect(findSetup({})).toBeUndefined();
		expect(findSetup(undefined)).toBeUndefined();
	});

	it('fails with its own error as the cause, at once or later', async () => {
		const cause = new Error('no');
		const fail = () => {
			throw cause;
		};
		const failed = expect.objectContaining({ code: 'setup_failed', cause }) as Error;
		expect(() => Installation.of(fail, ground, noLog)).toThrow(failed);
		const later = Installation.of(() => Promise.reject(cause), ground, noLog);
		await expect(later.ready).rejects.toEqual(failed);
		await later.undo();
	});

	it('is undone once, by what it has returned', async () => {
		const undo = vi.fn();
		const made = Installation.of(() => Promise.resolve(undo), ground, noLog);
		await Promise.all([made.undo(), made.undo()]);
		expect(undo).toHaveBeenCalledOnce();
	});

	it('is undone though that fails, which is logged', async () => {
		const error = vi.fn();
		const fail = () => Promise.reject(new Error('no'));
		await Installation.of(() => fail, ground, { ...noLog, error }).undo();
		expect(error).toHaveBeenCalledOnce();
	});
});

describe('setup of a hook file that is edited', () => {
	it('is undone before it is called again, and each has a server of its own', async () => {
		const said: string[] = [];
		const servers = new Set<unknown>();
		const staged = new StagedSetup(noLog);
		const setup = (name: string) => (given: { server?: unknown }) => {
			servers.add(given.server);
			said.push(name);
			return () => void said.push(`no ${name}`);
		};
		await staged.use(setup('one'));
		await staged.use(setup('two'));
		await staged.use(undefined);
		expect(said).toEqual(['one', 'no one', 'two', 'no two']);
		expect(servers.size).toBe(2);
		expect(staged.stage).toBeUndefined();
	});

	it('leaves nothing there when it fails', async () => {
		const staged = new StagedSetup(noLog);
		await staged.use(() => {});
		const failing = () => Promise.reject(new Error('no'));
		await expect(staged.use(failing)).rejects.toThrow(/setup of src\/websocket has failed/);
		expect(staged.stage).toBeUndefined();
	});

	it('is not called when the server has ended', async () => {
		const setup = vi.fn();
		const staged = new StagedSetup(noLog);
		await staged.end();
		await staged.use(setup);
		expect(setup).not.toHaveBeenCalled();
	});
});
