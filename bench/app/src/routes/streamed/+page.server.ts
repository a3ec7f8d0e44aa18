import { setImmediate } from 'node:timers/promises';
import { makeItems } from '../../items.ts';

export const load = () => ({ items: setImmediate(makeItems(20)) });
