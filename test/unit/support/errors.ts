import { expect } from 'vitest';
import { AdapterError, type ErrorCode } from '../../../src/shared/errors.ts';

/** What `run` throws, which has to be an `AdapterError` with this code and the wording of the package. */
export function adapterError(run: () => unknown, code: ErrorCode): AdapterError {
	const error = thrown(run);
	expect(error).toBeInstanceOf(AdapterError);
	const adapter = error as AdapterError;
	expect(adapter.code).toBe(code);
	expect(adapter.message).toMatch(/^\[svelte-adapter-ws\] [^]+ \([^]+\)\. [A-Z][^]*\.$/);
	return adapter;
}

/** What `run` throws. */
export function thrown(run: () => unknown): unknown {
	try {
		run();
	} catch (error) {
		return error;
	}
	throw new Error('Nothing was thrown');
}
