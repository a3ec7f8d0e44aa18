import { libraries } from '../websocket/subjects.ts';
import { librariesSuite } from './suite.ts';

librariesSuite(libraries.uws);
