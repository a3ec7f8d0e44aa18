import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../../../src/server/bus/broker/address.ts';

const parse = (text: string) => parseAddress(text, 'MY_BUS_URL');

describe('parseAddress', () => {
	it.each([
		['redis://localhost', 'redis', false, 'localhost:6379'],
		['redis://:pw@10.0.0.1:7000/3', 'redis', false, '10.0.0.1:7000'],
		['rediss://user:p%40w@cache.example.com:6380', 'redis', true, 'cache.example.com:6380'],
		['redis://[::1]:6379', 'redis', false, '[::1]:6379'],
		['nats://token@localhost', 'nats', false, 'localhost:4222'],
		['tls://user:pw@nats.example.com/', 'nats', true, 'nats.example.com:4222'],
		['nats://a:4222, nats://b', 'nats', false, 'a:4222, b:4222']
	])('reads %s', (text, kind, isEncrypted, places) => {
		expect(parse(text)).toMatchObject({ kind, isEncrypted, places });
	});

	it.each([
		['localhost:6379', 'Set it to an address such as'],
		['http://localhost', 'Set it to an address such as'],
		['redis://', 'Set it to an address such as'],
		['redis://user:pw:with:colons@a@host:port', 'Set it to an address such as'],
		['redis://:pw@localhost/first', 'Leave out what follows the port'],
		['nats://:pw@localhost/1', 'Leave out what follows the port'],
		['redis://:pw@localhost?db=1', 'Leave out what follows the port'],
		['redis://:pw%@localhost', 'Write % in a name or password as %25'],
		['nats://:pw@a,redis://:pw@b', 'the same scheme']
	])('refuses %s, names the variable, and shows no password', (text, todo) => {
		const read = () => parse(text);
		expect(read).toThrow(expect.objectContaining({ code: 'bad_env' }));
		expect(read).toThrow(todo);
		expect(read).toThrow('MY_BUS_URL');
		expect(read).not.toThrow(/pw/);
	});
});
