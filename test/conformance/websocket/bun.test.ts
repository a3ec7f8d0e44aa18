import { clientsSuite } from './clients.ts';
import { handshakeSuite } from './handshake.ts';
import { logSuite } from './log.ts';
import { originsSuite } from './origins.ts';
import { peersSuite } from './peers.ts';
import { registrySuite } from './registry.ts';
import { routesSuite } from './routes.ts';
import { stacksSuite } from './stacks.ts';
import { bun } from './subjects.ts';

handshakeSuite(bun);
originsSuite(bun);
routesSuite(bun);
peersSuite(bun);
registrySuite(bun);
clientsSuite(bun);
stacksSuite(bun);
logSuite(bun);
