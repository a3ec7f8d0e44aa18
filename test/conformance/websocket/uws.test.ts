import { clientsSuite } from './clients.ts';
import { handshakeSuite } from './handshake.ts';
import { logSuite } from './log.ts';
import { originsSuite } from './origins.ts';
import { peersSuite } from './peers.ts';
import { registrySuite } from './registry.ts';
import { routesSuite } from './routes.ts';
import { stacksSuite } from './stacks.ts';
import { uws } from './subjects.ts';

handshakeSuite(uws);
originsSuite(uws);
routesSuite(uws);
peersSuite(uws);
registrySuite(uws);
clientsSuite(uws);
stacksSuite(uws);
logSuite(uws);
