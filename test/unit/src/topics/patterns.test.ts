import { describe, expect, it } from 'vitest';
import { TopicPatterns } from '../../../../src/server/topics/patterns.ts';
import { adapterError } from '../../support/errors.ts';

const defaults = { size: 100, bytes: 1024 * 1024, ttl: 3600 };

describe('TopicPatterns', () => {
	it('keeps nothing of a topic of which nothing is said', () => {
		for (const topics of [undefined, {}, { 'room:*': { history: true } }]) {
			expect(new TopicPatterns(topics).find('news')).toBeUndefined();
		}
		expect(new TopicPatterns(undefined).isEmpty).toBe(true);
		expect(new TopicPatterns({}).isEmpty).toBe(true);
	});

	it('has defaults for what is not said', () => {
		const patterns = new TopicPatterns({
			news: { history: true },
			few: { history: { size: 3, ttl: 0.5 } },
			here: { presence: true }
		});
		expect(patterns.find('news')).toEqual({ history: defaults, hasPresence: false });
		expect(patterns.find('few')?.history).toEqual({ ...defaults, size: 3, ttl: 0.5 });
		expect(patterns.find('here')).toEqual({ history: undefined, hasPresence: true });
		expect(patterns.haveHistory).toBe(true);
		expect(new TopicPatterns({ here: { presence: true } }).haveHistory).toBe(false);
	});

	it('takes a name before a pattern, and the longest pattern first, in whichever order they stand', () => {
		const size = (topic: string) =>
			new TopicPatterns({
				'*': { history: { size: 1 } },
				'room:*': { history: { size: 2 } },
				'room:lobby:*': { history: { size: 3 } },
				'room:lobby': { history: { size: 4 } }
			}).find(topic)?.history?.size;
		expect(['x', 'room:', 'room:a', 'room:lobby', 'room:lobby:1', 'room'].map(size)).toEqual([
			1, 2, 2, 4, 3, 1
		]);
	});

	it('lets a longer pattern keep less', () => {
		const patterns = new TopicPatterns({ 'room:*': { history: true }, 'room:secret': {} });
		expect(patterns.find('room:secret')).toBeUndefined();
		expect(patterns.find('room:a')).toBeDefined();
	});

	it('knows no names that an object has by itself', () => {
		const patterns = new TopicPatterns({ news: { history: true } });
		for (const name of ['constructor', '__proto__', 'toString']) {
			expect(patterns.find(name)).toBeUndefined();
		}
	});

	it.each([[null], [7], ['room:*'], [[]], [() => {}]])(
		'refuses an export that is none: %s',
		(topics) => {
			adapterError(() => new TopicPatterns(topics), 'websocket_export');
		}
	);

	it.each([
		[{ 'a*b': {} }, '"a*b"', 'star'],
		[{ '**': {} }, '"**"', 'star'],
		[{ '\u0000x': {} }, '\\u0000x', 'Unicode'],
		[{ '\ud800': {} }, 'ud800', 'Unicode'],
		[{ a: true }, '"a"', 'true'],
		[{ a: null }, '"a"', 'null'],
		[{ a: { histroy: true } }, '"a"', 'histroy'],
		[{ a: { presence: 1 } }, '"a"', 'presence: 1'],
		[{ a: { history: 7 } }, '"a"', 'history: 7'],
		[{ a: { history: null } }, '"a"', 'history: null'],
		[{ a: { history: { max: 7 } } }, '"a"', 'history.max'],
		[{ a: { history: { size: 0 } } }, '"a"', 'history.size: 0'],
		[{ a: { history: { size: 1.5 } } }, '"a"', 'history.size: 1.5'],
		[{ a: { history: { size: '9' } } }, '"a"', 'history.size: "9"'],
		[{ a: { history: { ttl: Infinity } } }, '"a"', 'history.ttl: Infinity'],
		[{ a: { history: { ttl: -1 } } }, '"a"', 'history.ttl: -1'],
		[{ a: { history: { bytes: NaN } } }, '"a"', 'history.bytes: NaN']
	])('refuses %o, and says where', (topics, pattern, value) => {
		const { message } = adapterError(() => new TopicPatterns(topics), 'bad_option');
		expect(message).toContain(pattern);
		expect(message).toContain(value);
	});
});
