import { handshakeSuite } from './handshake.ts';
import { originsSuite } from './origins.ts';
import { routesSuite } from './routes.ts';
import { uws } from './subjects.ts';

handshakeSuite(uws);
originsSuite(uws);
routesSuite(uws);
