import { describe, expect, it } from 'vitest';
import { Checker } from '../../../../scripts/stress/checker.ts';
import { Random } from '../../../../scripts/stress/random.ts';

/** Somebody who publishes, and a listener on the topic. */
function check() {
	const checker = new Checker();
	checker.join('listener', 'topic');
	const publish = (isOwed = true) =>
		checker.publish('publisher', 'topic', isOwed ? ['listener'] : []);
	return { checker, publish };
}

describe('the checker of the stress runner', () => {
	it('finds no fault with messages that come once and in order', () => {
		const { checker, publish } = check();
		const [one, two] = [publish(), publish()];
		expect(checker.missing).toBe(2);
		for (const mark of [one, two]) checker.hear('listener', mark);
		checker.close();
		expect([checker.faults, checker.missing]).toEqual([[], 0]);
		expect([checker.published, checker.heard]).toEqual([2, 2]);
		expect(checker.newest('listener', 'publisher', 'topic')).toBe(2);
	});

	it('finds one that comes twice', () => {
		const { checker, publish } = check();
		const [one, two] = [publish(), publish()];
		for (const mark of [one, two, one]) checker.hear('listener', mark);
		expect(checker.faults).toEqual(['listener has heard publisher on topic: 1 twice']);
	});

	it('finds one that comes after a later one', () => {
		const { checker, publish } = check();
		const [one, two] = [publish(), publish()];
		for (const mark of [two, one]) checker.hear('listener', mark);
		expect(checker.faults).toEqual(['listener has heard publisher on topic: 1 after 2']);
	});

	it('knows no order between publishers, and between topics', () => {
		const { checker } = check();
		checker.join('listener', 'other');
		const one = checker.publish('publisher', 'topic', []);
		const two = checker.publish('publisher', 'other', []);
		const three = checker.publish('somebody', 'topic', []);
		for (const mark of [three, two, one]) checker.hear('listener', mark);
		expect(checker.faults).toEqual([]);
	});

	it('finds what was owed and has not come, and nothing else', () => {
		const { checker, publish } = check();
		publish(false);
		publish();
		checker.hear('listener', publish());
		publish();
		checker.close();
		expect(checker.faults).toEqual([
			'listener has lost 2 messages, the first is publisher on topic: 2'
		]);
		expect(checker.missing).toBe(0);
	});

	it('owes nothing to who has left', () => {
		const { checker, publish } = check();
		publish();
		checker.forget('listener');
		checker.close();
		expect(checker.faults).toEqual([]);
	});

	it('owes nothing of a topic that the listener has left', () => {
		const { checker, publish } = check();
		publish();
		checker.join('listener', 'other');
		checker.publish('publisher', 'other', ['listener']);
		checker.forget('listener', 'topic');
		expect(checker.missing).toBe(1);
		checker.close();
		expect(checker.faults).toEqual([
			'listener has lost 1 messages, the first is publisher on other: 1'
		]);
	});

	it('finds what comes where it should not: to its publisher, off the topic, out of nowhere', () => {
		const { checker } = check();
		checker.join('publisher', 'topic');
		const mark = checker.publish('publisher', 'topic', []);
		checker.hear('publisher', mark);
		checker.hear('stranger', mark);
		checker.hear('listener', { ...mark, number: 7 });
		expect(checker.faults).toEqual([
			'publisher has heard publisher on topic: 1, its own message',
			'stranger has heard publisher on topic: 1, and was never on the topic',
			'listener has heard publisher on topic: 7, which nobody has published'
		]);
	});
});

describe('chance with a seed', () => {
	it('chooses the same for the same seed, and something else for another', () => {
		const choose = (seed: number) => {
			const random = new Random(seed);
			return Array.from({ length: 20 }, () => random.between(1, 1000));
		};
		expect(choose(1)).toEqual(choose(1));
		expect(choose(1)).not.toEqual(choose(2));
	});

	it('stays between both ends, reaches them, and loses nothing when it shuffles', () => {
		const random = new Random(1);
		const chosen = new Set(Array.from({ length: 200 }, () => random.between(3, 5)));
		expect([...chosen].toSorted()).toEqual([3, 4, 5]);
		expect(random.shuffle([1, 2, 3]).toSorted()).toEqual([1, 2, 3]);
		expect(() => random.pick([])).toThrow(RangeError);
	});
});
