import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../../../src/server/engine/engine.ts';
import { tempFolder } from '../../../unit/support/folder.ts';
import type { Source, Subject } from '../subject.ts';
import { Link } from './link.ts';
import { createPipes, onRouse, openRouse, PipeReader, PipeWriter, rouser } from './pipe.ts';

/** Another process, in which engines are created as if it were this one. */
export type Remote = Pick<Subject, 'create' | 'openFiles'>;

/** One process, that starts with its first engine and ends with this one. */
export function remote(source: Source): Remote {
	let link: Promise<Link> | undefined;
	let started: Link | undefined;
	return {
		async create(options, handlers) {
			link ??= start(source);
			started = await link;
			return (await started.ask('create', [options, handlers])) as Engine;
		},
		openFiles: (path) => started?.ask('openFiles', [path]) as number
	};
}

async function start({ runtime, module, name }: Source): Promise<Link> {
	const folder = tempFolder();
	createPipes(folder.path);
	const reader = new PipeReader(join(folder.path, 'up'));
	let awake: () => void = () => {};
	onRouse(folder.path, () => awake());
	const ready = new Promise<void>((resolve) => (awake = resolve));
	const file = fileURLToPath(new URL('child.ts', import.meta.url));
	const stdin = openRouse(folder.path);
	const rouse = rouser(folder.path, 'rouse');
	const child = spawn(runtime, [file, module, name, folder.path], {
		stdio: [stdin, 'inherit', 'inherit']
	});
	// Its only reader is the child, and its only writer this process, with which it ends.
	closeSync(stdin);
	const exited = once(child, 'exit').then((how) => {
		folder[Symbol.dispose]();
		return how;
	});
	await Promise.race([
		ready,
		exited.then((how) => Promise.reject(new Error(`${runtime} ${file} has ended: ${how}`)))
	]);
	const writer = new PipeWriter(join(folder.path, 'down'));
	const link = new Link({ leads: true, reader, writer, wake: rouse });
	awake = () => link.pump();
	return link;
}
