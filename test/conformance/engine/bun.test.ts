import { pipeliningSuite } from './pipelining.ts';
import { queueSuite } from './queues.ts';
import { requestSuite } from './requests.ts';
import { responseSuite } from './responses.ts';
import { socketSuite } from './sockets.ts';
import { bun } from './subjects.ts';
import { textSuite } from './texts.ts';
import { unixSocketSuite } from './unix-sockets.ts';

requestSuite(bun);
pipeliningSuite(bun);
responseSuite(bun);
textSuite(bun);
socketSuite(bun);
unixSocketSuite(bun);
queueSuite(bun);
