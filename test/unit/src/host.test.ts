import { describe, expect, it } from 'vitest';
import { HostCheck } from '../../../src/server/host.ts';

const hosts = [
	'example.com',
	'example.com:8080',
	'EXAMPLE.com',
	'example.com.',
	'localhost',
	'my_service:3000',
	'_',
	'127.0.0.1',
	'127.0.0.1:80',
	'[::1]',
	'[::1]:3000',
	'[2001:DB8::ffff:1.2.3.4]:1',
	'a',
	'1',
	'xn--bcher-kva.example',
	'b\u00fccher.example',
	"~!$&'()*+;=",
	'a:00080',
	'a:65535',
	`${'long.'.repeat(2000)}example`
];

const others = [
	'',
	'a/rest/admin?x=',
	'a/',
	'/',
	'a?',
	'a#',
	'a\\b',
	'user@a',
	'user:pass@a',
	'a b',
	' a',
	'a\tb',
	'a,b',
	'a, a',
	'a:',
	':80',
	':',
	'a::80',
	'a:80:80',
	'a:port',
	'a:-1',
	'a:65536',
	'a:80/',
	'a:80@b',
	'::1',
	'[::1',
	'[::1]x',
	'[::1]3000',
	'[]',
	'[a]',
	'[1.2.3.4]',
	'[::1%25eth0]',
	'%',
	'%zz',
	'a%2fb',
	'a%2Eb',
	'a<b',
	'a"b',
	'a{b}',
	'a|b',
	'a^b',
	'a`b',
	'1.2.3.999',
	'a\u007fb',
	'a\u0000b',
	'a\u0100b',
	'\u2215',
	'http://a'
];

describe('HostCheck', () => {
	it.each(hosts)('takes %j', (host) => {
		expect(new HostCheck().passes(host)).toBe(true);
		expect(URL.canParse(`https://${host}/path`)).toBe(true);
	});

	it.each(others)('does not take %j', (host) => {
		expect(new HostCheck().passes(host)).toBe(false);
	});

	it('is of the same opinion after any other host', () => {
		const check = new HostCheck();
		const twice = [...hosts, ...others].flatMap((host) => [host, host]);
		for (const host of [...twice, ...hosts]) {
			expect([host, check.passes(host)]).toEqual([host, hosts.includes(host)]);
		}
	});

	it('never makes a path, a query or a user of a host', () => {
		const check = new HostCheck();
		for (let code = 0; code < 256; code += 1) {
			const host = `a${String.fromCharCode(code)}b`;
			if (!check.passes(host)) continue;
			const { pathname, search, hash, username } = new URL(`https://${host}/path`);
			expect([code, pathname, search, hash, username]).toEqual([code, '/path', '', '', '']);
		}
	});
});
