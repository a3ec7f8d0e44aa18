import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../../../../src/server/engine/uws/address.ts';

describe('formatAddress', () => {
	it.each([
		['7f000001', '127.0.0.1'],
		['ffffffff', '255.255.255.255'],
		['00000000000000000000000000000001', '::1'],
		['00000000000000000000ffff7f000001', '::ffff:127.0.0.1'],
		['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
		['20010db8000100020003000400050006', '2001:db8:1:2:3:4:5:6'],
		['00000000000000000000000000000000', '::'],
		['', '']
	])('writes %s as %s', (bytes, text) => {
		expect(formatAddress(Buffer.from(bytes, 'hex'))).toBe(text);
	});
});
