import { clientsSuite } from './clients.ts';
import { handshakeSuite } from './handshake.ts';
import { logSuite } from './log.ts';
import { originsSuite } from './origins.ts';
import { peersSuite } from './peers.ts';
import { registrySuite } from './registry.ts';
import { routesSuite } from './routes.ts';
import { stacksSuite } from './stacks.ts';
import { kit2Preview } from './subjects.ts';

handshakeSuite(kit2Preview);
originsSuite(kit2Preview);
routesSuite(kit2Preview);
peersSuite(kit2Preview);
registrySuite(kit2Preview);
clientsSuite(kit2Preview);
stacksSuite(kit2Preview);
logSuite(kit2Preview);
