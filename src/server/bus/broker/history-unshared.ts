import { AdapterError } from '../../../shared/errors.ts';

/**
 * The broker turns out to keep no history.
 * @param reason what it said
 * @param todo a sentence: what would change that
 */
export function historyUnshared(description: string, reason: string, todo: string): AdapterError {
	return new AdapterError('history_unshared', {
		what: `There can be no history for all processes at ${description}`,
		value: reason,
		todo
	});
}
