import { handshakeSuite } from './handshake.ts';
import { originsSuite } from './origins.ts';
import { routesSuite } from './routes.ts';
import { node } from './subjects.ts';

handshakeSuite(node);
originsSuite(node);
routesSuite(node);
