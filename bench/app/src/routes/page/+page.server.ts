import { makeItems } from '../../items.ts';

export const load = () => ({ items: makeItems(20) });
