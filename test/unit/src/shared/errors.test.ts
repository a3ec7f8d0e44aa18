import { describe, expect, it } from 'vitest';
import { AdapterError, sentence } from '../../../../src/shared/errors.ts';

describe('AdapterError', () => {
	it('says what happened, the value and what to do, in this order', () => {
		const error = new AdapterError('bad_env', { what: 'It broke', value: '7', todo: 'Mend it.' });
		expect(error.message).toBe('[svelte-adapter-ws] It broke (7). Mend it.');
	});

	it('says only what it knows', () => {
		expect(new AdapterError('bad_env', { what: 'It broke' }).message).toBe(
			'[svelte-adapter-ws] It broke.'
		);
	});

	it('carries its code, its name and its cause', () => {
		const cause = new Error('inside');
		const error = new AdapterError('listen_failed', { what: 'It broke', cause });
		expect(error).toMatchObject({ code: 'listen_failed', name: 'AdapterError', cause });
		expect(error).toBeInstanceOf(Error);
	});

	it('has no cause if none was given', () => {
		expect('cause' in new AdapterError('bad_env', { what: 'It broke' })).toBe(false);
	});
});

describe('sentence', () => {
	it('words a log line as an error is worded', () => {
		expect(sentence('It broke', '7', 'Mend it.')).toBe(
			new AdapterError('bad_env', { what: 'It broke', value: '7', todo: 'Mend it.' }).message
		);
	});
});
