import type { Case } from '../case.ts';
import { conditionCases } from './conditions.ts';
import { connectionCases } from './connections.ts';
import { encodingCases } from './encodings.ts';
import { endpointCases, selfFetchCases } from './endpoints.ts';
import { formCases } from './forms.ts';
import { limitCases } from './limits.ts';
import { malformedCases } from './malformed.ts';
import { methodCases } from './methods.ts';
import { pageCases } from './pages.ts';
import { proxyCases } from './proxies.ts';
import { rangeCases } from './ranges.ts';
import { remoteCases } from './remote.ts';
import { requestCases } from './requests.ts';
import { staticCases } from './static.ts';
import { variantCases } from './variants.ts';

/** Everything that is compared. */
export const cases: Case[] = [
	...staticCases,
	...encodingCases,
	...conditionCases,
	...rangeCases,
	...methodCases,
	...pageCases,
	...endpointCases,
	...selfFetchCases,
	...requestCases,
	...formCases,
	...remoteCases,
	...proxyCases,
	...limitCases,
	...connectionCases,
	...malformedCases,
	...variantCases
];
