import { createNodeEngine } from '../../../src/server/engine/node/index.ts';
import { createUwsEngine } from '../../../src/server/engine/uws/index.ts';
import type { Subject } from './subject.ts';

export const uws: Subject = { name: 'uws', create: createUwsEngine, uncounted: 31 };
export const node: Subject = { name: 'node', create: createNodeEngine, uncounted: 0 };
