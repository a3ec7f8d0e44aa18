import { handshakeSuite } from './handshake.ts';
import { uws } from './subjects.ts';

handshakeSuite(uws);
