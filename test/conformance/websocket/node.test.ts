import { handshakeSuite } from './handshake.ts';
import { node } from './subjects.ts';

handshakeSuite(node);
