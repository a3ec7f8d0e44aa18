import { clientsSuite } from './clients.ts';
import { handshakeSuite } from './handshake.ts';
import { logSuite } from './log.ts';
import { originsSuite } from './origins.ts';
import { peersSuite } from './peers.ts';
import { registrySuite } from './registry.ts';
import { routesSuite } from './routes.ts';
import { stacksSuite } from './stacks.ts';
import { kit2Node } from './subjects.ts';

handshakeSuite(kit2Node);
originsSuite(kit2Node);
routesSuite(kit2Node);
peersSuite(kit2Node);
registrySuite(kit2Node);
clientsSuite(kit2Node);
stacksSuite(kit2Node);
logSuite(kit2Node);
