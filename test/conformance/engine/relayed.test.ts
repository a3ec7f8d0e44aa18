import { queueSuite } from './queues.ts';
import { relayed } from './relayed.ts';
import { socketSuite } from './sockets.ts';
import { node, uws } from './subjects.ts';

for (const subject of [relayed(node), relayed(uws)]) {
	socketSuite(subject);
	queueSuite(subject);
}
