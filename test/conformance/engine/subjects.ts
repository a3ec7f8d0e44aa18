import process from 'node:process';
import { createNodeEngine } from '../../../src/server/engine/node/index.ts';
import { createUwsEngine } from '../../../src/server/engine/uws/index.ts';
import { bunBinary } from '../../support/bun.ts';
import { openFiles } from '../../support/open-files.ts';
import { remote } from './remote/engines.ts';
import type { Source, Subject } from './subject.ts';

const source = (folder: string, name: string, runtime = process.execPath): Source => ({
	runtime,
	module: new URL(`../../../src/server/engine/${folder}/index.ts`, import.meta.url).href,
	name
});

const onBun = source('bun', 'createBunEngine', bunBinary);

export const uws: Subject = {
	name: 'uws',
	source: source('uws', 'createUwsEngine'),
	create: createUwsEngine,
	openFiles,
	uncounted: 31
};

export const node: Subject = {
	name: 'node',
	source: source('node', 'createNodeEngine'),
	create: createNodeEngine,
	openFiles,
	uncounted: 0
};

export const bun: Subject = {
	name: 'bun',
	source: onBun,
	...remote(onBun),
	uncounted: 0,
	lacks: { rawTarget: true, repeatedHeaders: true, bodyOfGet: true, lengthOfStream: true }
};
