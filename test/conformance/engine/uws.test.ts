import { pipeliningSuite } from './pipelining.ts';
import { queueSuite } from './queues.ts';
import { requestSuite } from './requests.ts';
import { responseSuite } from './responses.ts';
import { socketSuite } from './sockets.ts';
import { uws } from './subjects.ts';
import { textSuite } from './texts.ts';
import { unixSocketSuite } from './unix-sockets.ts';

requestSuite(uws);
pipeliningSuite(uws);
responseSuite(uws);
textSuite(uws);
socketSuite(uws);
unixSocketSuite(uws);
queueSuite(uws);
