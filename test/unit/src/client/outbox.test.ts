import { describe, expect, it } from 'vitest';
import { Outbox } from '../../../../src/client/core/outbox.ts';

/** An outbox, and the connection that it delivers to: as long as `room` lasts. */
function create(limit = 100) {
	const line = { room: 0, data: [] as unknown[], values: [] as unknown[] };
	const outbox = new Outbox<unknown>(
		({ data, value }) => {
			if (line.room === 0) return false;
			line.room -= 1;
			line.data.push(data);
			line.values.push(value);
			return true;
		},
		() => limit
	);
	const flush = (greet?: () => void) => outbox.flush(greet);
	return { outbox, line, flush };
}

describe('what is to be sent', () => {
	it('goes at once where there is a connection, with the value that was given', () => {
		const { outbox, line } = create();
		line.room = Infinity;
		const value = { a: 1 };
		expect(outbox.send(value)).toBe(true);
		expect(line.data).toEqual(['{"a":1}']);
		expect(line.values[0]).toBe(value);
		expect(outbox.drop()).toEqual([]);
	});

	it('waits in order, and goes in order', () => {
		const { outbox, line, flush } = create();
		for (const value of [1, 2, 3]) outbox.send(value);
		line.room = Infinity;
		flush();
		outbox.send(4);
		expect(line.values).toEqual([1, 2, 3, 4]);
	});

	it('does not overtake what waits, though there is a connection', () => {
		const { outbox, line, flush } = create();
		outbox.send(1);
		line.room = Infinity;
		expect(outbox.send(2)).toBe(true);
		expect(line.values).toEqual([]);
		flush();
		expect(line.values).toEqual([1, 2]);
	});

	it('waits on where a connection did not take all of it', () => {
		const { outbox, line, flush } = create();
		for (const value of [1, 2, 3]) outbox.send(value);
		line.room = 1;
		flush();
		outbox.send(4);
		expect(line.values).toEqual([1]);
		line.room = Infinity;
		flush();
		expect(line.values).toEqual([1, 2, 3, 4]);
	});

	it('goes first where it greets a connection, and only then', () => {
		const { outbox, line, flush } = create();
		outbox.send('waiting');
		line.room = 2;
		flush(() => outbox.send('hello'));
		outbox.send('later');
		line.room = Infinity;
		flush();
		expect(line.values).toEqual(['hello', 'waiting', 'later']);
	});

	it('goes before the rest where its greeting has to wait, in order', () => {
		const { outbox, line, flush } = create();
		outbox.send('waiting');
		flush(() => {
			outbox.send('hello');
			line.room = Infinity;
			outbox.send('again');
		});
		outbox.send('later');
		expect(line.values).toEqual(['hello', 'again', 'waiting', 'later']);
	});

	it('is not overtaken where only some of it has to wait', () => {
		const sent: unknown[] = [];
		let isKnown = false;
		const outbox = new Outbox<unknown>(
			({ value }) => {
				if (value === 'special' && !isKnown) return false;
				sent.push(value);
				return true;
			},
			() => 100
		);
		for (const value of [1, 'special', 2]) outbox.send(value);
		outbox.flush();
		expect(sent).toEqual([1]);
		isKnown = true;
		outbox.flush();
		expect(sent).toEqual([1, 'special', 2]);
	});

	it('is sent without what was withdrawn, which need not be waited for', () => {
		const { outbox, line, flush } = create(2);
		const ticket = { at: 0, options: {}, resolve: () => {}, reject: () => {} };
		outbox.send('request', 'request', ticket);
		outbox.send(1);
		expect(outbox.send(2)).toBe(false);
		outbox.withdraw(ticket);
		expect(outbox.send(2)).toBe(true);
		line.room = Infinity;
		flush();
		expect(line.values).toEqual([1, 2]);
	});
});

describe('what waits', () => {
	it('is as much as may; the newest is refused, and the others stay', () => {
		const { outbox, line, flush } = create(2);
		expect([1, 2, 3].map((value) => outbox.send(value))).toEqual([true, true, false]);
		line.room = Infinity;
		flush();
		expect(line.values).toEqual([1, 2]);
		line.room = 0;
		expect([4, 5, 6].map((value) => outbox.send(value))).toEqual([true, true, false]);
	});

	it('is nothing where nothing may; what a connection takes at once has not waited', () => {
		const { outbox, line } = create(0);
		expect(outbox.send(1)).toBe(false);
		line.room = 1;
		expect(outbox.send(2)).toBe(true);
	});

	it('travels as it was when it was sent, and so do bytes', () => {
		const { outbox, line, flush } = create();
		const value = { a: 1 };
		const bytes = new Uint8Array([1, 2]);
		outbox.send(value);
		outbox.send(bytes);
		outbox.send(bytes.buffer);
		value.a = 2;
		bytes.fill(9);
		line.room = Infinity;
		flush();
		expect(line.data).toEqual(['{"a":1}', new Uint8Array([1, 2]), new Uint8Array([1, 2]).buffer]);
	});

	it('is reported in order, as the values that were given, and is not sent any more', () => {
		const { outbox, line, flush } = create();
		const values = [{ a: 1 }, 'text', new Uint8Array([1])];
		for (const value of values) outbox.send(value);
		const dropped = outbox.drop();
		expect(dropped).toEqual(values);
		expect(dropped[0]).toBe(values[0]);
		expect(outbox.drop()).toEqual([]);
		line.room = Infinity;
		flush();
		expect(line.values).toEqual([]);
	});

	it('is what could be sent: the rest is an error, and leaves nothing behind', () => {
		const { outbox } = create();
		expect(() => outbox.send(undefined)).toThrow('This cannot be sent to a socket');
		expect(outbox.drop()).toEqual([]);
	});
});
