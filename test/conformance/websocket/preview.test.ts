import { clientsSuite } from './clients.ts';
import { handshakeSuite } from './handshake.ts';
import { logSuite } from './log.ts';
import { originsSuite } from './origins.ts';
import { peersSuite } from './peers.ts';
import { registrySuite } from './registry.ts';
import { routesSuite } from './routes.ts';
import { stacksSuite } from './stacks.ts';
import { preview } from './subjects.ts';

handshakeSuite(preview);
originsSuite(preview);
routesSuite(preview);
peersSuite(preview);
registrySuite(preview);
clientsSuite(preview);
stacksSuite(preview);
logSuite(preview);
