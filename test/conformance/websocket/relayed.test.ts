import { logSuite } from './log.ts';
import { oneTimeSuite } from './one-time.ts';
import { relayed } from './relayed.ts';
import { bun, node, uws } from './subjects.ts';

for (const [outpost, home] of [
	[uws, node],
	[node, bun],
	[bun, uws]
] as const) {
	oneTimeSuite(relayed(outpost, home));
}
logSuite(relayed(uws, node));
