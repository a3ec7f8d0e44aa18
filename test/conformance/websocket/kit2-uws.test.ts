import { clientsSuite } from './clients.ts';
import { handshakeSuite } from './handshake.ts';
import { logSuite } from './log.ts';
import { originsSuite } from './origins.ts';
import { peersSuite } from './peers.ts';
import { registrySuite } from './registry.ts';
import { routesSuite } from './routes.ts';
import { stacksSuite } from './stacks.ts';
import { kit2Uws } from './subjects.ts';

handshakeSuite(kit2Uws);
originsSuite(kit2Uws);
routesSuite(kit2Uws);
peersSuite(kit2Uws);
registrySuite(kit2Uws);
clientsSuite(kit2Uws);
stacksSuite(kit2Uws);
logSuite(kit2Uws);
