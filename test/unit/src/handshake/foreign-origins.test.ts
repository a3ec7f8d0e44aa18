import { expect, it } from 'vitest';
import { ForeignOrigins } from '../../../../src/server/handshake/foreign-origins.ts';
import type { OriginOptions } from '../../../../src/server/http/origin.ts';
import { FakeExchange } from '../../support/exchange.ts';
import { FakeLog } from '../../support/log.ts';

const options: OriginOptions = {
	pinned: undefined,
	protocolHeader: '',
	hostHeader: '',
	portHeader: ''
};

function create(more: Partial<OriginOptions> = {}) {
	const log = new FakeLog();
	const foreign = new ForeignOrigins(log, { ...options, ...more });
	const tell = (origin: string, url = 'https://app.example:3000/chat?token=secret') =>
		foreign.tell(new FakeExchange(), origin, new URL(url));
	return { log, tell };
}

it('tells of each origin and host once, with what to do', () => {
	const { log, tell } = create();
	tell('https://a.example');
	tell('https://a.example', 'https://app.example:3000/other');
	tell('https://b.example');
	tell('https://a.example', 'https://other.example/chat');
	expect(log.warnings.map(({ value }) => value)).toEqual([
		'origin https://a.example, host app.example:3000',
		'origin https://b.example, host app.example:3000',
		'origin https://a.example, host other.example'
	]);
	expect(log.warnings[0]).toMatchObject({
		what: 'A handshake was refused, because the origin of the page is foreign',
		todo: expect.stringContaining('allowedOrigins')
	});
});

it('names the origin that is pinned, where one is', () => {
	const { log, tell } = create({ pinned: 'https://app.example' });
	tell('http://app.example', 'https://app.example/chat');
	expect(log.warnings[0]?.value).toBe('origin http://app.example, pinned https://app.example');
});

it('remembers a hundred, and says then that it tells no more', () => {
	const { log, tell } = create();
	for (let index = 0; index < 1000; index += 1) tell(`https://${index}.example`);
	expect(log.warnings).toHaveLength(101);
	expect(log.warnings.at(-1)?.what).toContain('no further one is told');
	tell('https://0.example');
	expect(log.warnings).toHaveLength(101);
});

it('shows what a line can hold of an origin that is none', () => {
	const { log, tell } = create();
	tell('x'.repeat(10_000));
	tell(`${'x'.repeat(10_000)}y`);
	tell('');
	tell('a\nb');
	expect(log.warnings.map(({ value }) => value)).toEqual([
		`origin ${'x'.repeat(200)}\u2026, host app.example:3000`,
		'origin empty, host app.example:3000',
		'origin a b, host app.example:3000'
	]);
});
