import { AdapterError } from '../../../shared/errors.ts';

/**
 * The broker turns out to keep no history.
 * @param reason what it said
 * @param todo a sentence: what would change that
 */
export function historyUnshared(description: string, reason: string, todo: string): AdapterError {
	return new AdapterError('history_unshared', {
		what: `Each process keeps a history of its own, because there can be none at ${description}`,
		value: reason,
		todo
	});
}
