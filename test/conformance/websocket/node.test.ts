import { clientsSuite } from './clients.ts';
import { handshakeSuite } from './handshake.ts';
import { logSuite } from './log.ts';
import { originsSuite } from './origins.ts';
import { peersSuite } from './peers.ts';
import { registrySuite } from './registry.ts';
import { routesSuite } from './routes.ts';
import { stacksSuite } from './stacks.ts';
import { node } from './subjects.ts';

handshakeSuite(node);
originsSuite(node);
routesSuite(node);
peersSuite(node);
registrySuite(node);
clientsSuite(node);
stacksSuite(node);
logSuite(node);
