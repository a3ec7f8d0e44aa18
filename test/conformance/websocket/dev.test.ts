import { clientsSuite } from './clients.ts';
import { handshakeSuite } from './handshake.ts';
import { logSuite } from './log.ts';
import { originsSuite } from './origins.ts';
import { peersSuite } from './peers.ts';
import { registrySuite } from './registry.ts';
import { routesSuite } from './routes.ts';
import { stacksSuite } from './stacks.ts';
import { dev } from './subjects.ts';

handshakeSuite(dev);
originsSuite(dev);
routesSuite(dev);
peersSuite(dev);
registrySuite(dev);
clientsSuite(dev);
stacksSuite(dev);
logSuite(dev);
