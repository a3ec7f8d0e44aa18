import { join } from 'node:path';
import process from 'node:process';
import { openFiles } from '../../../support/open-files.ts';
import type { Subject } from '../subject.ts';
import { Link } from './link.ts';
import { PipeReader, PipeWriter, rouser } from './pipe.ts';

/** A process whose engines a test in another process drives: see `engines.ts`. */
const [, , module = '', name = '', folder = ''] = process.argv;
const create = ((await import(module)) as Record<string, Subject['create']>)[name];
if (create === undefined) throw new Error(`${module} has no ${name}`);

/** An engine may not keep bytes that it was lent to send. */
const borrowers = new Set(['send', 'publish']);

const rouse = rouser(folder, 'wake');
const link = new Link({
	leads: false,
	reader: new PipeReader(join(folder, 'down')),
	writer: new PipeWriter(join(folder, 'up')),
	wake: rouse,
	offers: { create, openFiles },
	called(target, method, args) {
		const isBorrower = borrowers.has(method) && 'publish' in (target as object);
		if (isBorrower) for (const each of args) if (each instanceof Uint8Array) each.fill(255);
	}
});

process.stdin.on('data', () => link.pump());
// the test is over, whatever is still under way
process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') console.error(error);
	process.exit(1);
});
process.stdin.on('end', () => process.exit());
rouse();
