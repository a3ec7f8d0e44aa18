import { clientsSuite } from './clients.ts';
import { handshakeSuite } from './handshake.ts';
import { logSuite } from './log.ts';
import { originsSuite } from './origins.ts';
import { peersSuite } from './peers.ts';
import { registrySuite } from './registry.ts';
import { routesSuite } from './routes.ts';
import { stacksSuite } from './stacks.ts';
import { kit2Bun } from './subjects.ts';

handshakeSuite(kit2Bun);
originsSuite(kit2Bun);
routesSuite(kit2Bun);
peersSuite(kit2Bun);
registrySuite(kit2Bun);
clientsSuite(kit2Bun);
stacksSuite(kit2Bun);
logSuite(kit2Bun);
