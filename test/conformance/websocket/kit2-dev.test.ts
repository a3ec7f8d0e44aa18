import { clientsSuite } from './clients.ts';
import { handshakeSuite } from './handshake.ts';
import { logSuite } from './log.ts';
import { originsSuite } from './origins.ts';
import { peersSuite } from './peers.ts';
import { registrySuite } from './registry.ts';
import { routesSuite } from './routes.ts';
import { stacksSuite } from './stacks.ts';
import { kit2Dev } from './subjects.ts';

handshakeSuite(kit2Dev);
originsSuite(kit2Dev);
routesSuite(kit2Dev);
peersSuite(kit2Dev);
registrySuite(kit2Dev);
clientsSuite(kit2Dev);
stacksSuite(kit2Dev);
logSuite(kit2Dev);
