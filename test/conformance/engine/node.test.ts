import { pipeliningSuite } from './pipelining.ts';
import { queueSuite } from './queues.ts';
import { requestSuite } from './requests.ts';
import { responseSuite } from './responses.ts';
import { socketSuite } from './sockets.ts';
import { node } from './subjects.ts';
import { textSuite } from './texts.ts';
import { unixSocketSuite } from './unix-sockets.ts';

requestSuite(node);
pipeliningSuite(node);
responseSuite(node);
textSuite(node);
socketSuite(node);
unixSocketSuite(node);
queueSuite(node);
