import { join } from 'node:path';
import { runApp } from '../../support/server.ts';
import { appFolder, type Subject } from './subject.ts';

/** The header by which the tests say that they came over plain HTTP. */
const plainHttp = { PROTOCOL_HEADER: 'x-forwarded-proto' };

function production(engine: 'uws' | 'node'): Pick<Subject, 'name' | 'run' | 'isProduction'> {
	return {
		name: engine,
		isProduction: true,
		run: (variant, env = {}) =>
			runApp({
				args: ['--expose-gc', join(appFolder, 'build', variant)],
				env: { ENGINE: engine, ...plainHttp, ...env }
			})
	};
}

export const uws: Subject = {
	...production('uws'),
	endings: { protocolError: 1006, invalidText: 1006, tooBig: 1006 }
};

export const node: Subject = {
	...production('node'),
	endings: { protocolError: 1002, invalidText: 1007, tooBig: 1009 }
};
