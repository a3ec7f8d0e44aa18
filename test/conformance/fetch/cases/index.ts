import type { Case } from '../../../comparison/case.ts';
import { pageCases } from './pages.ts';
import { requestCases } from './requests.ts';
import { responseCases } from './responses.ts';

export const cases: Case[] = [...requestCases, ...responseCases, ...pageCases];
