import { expect, it } from 'vitest';
import { LateController } from '../../../../src/server/handshake/late-controller.ts';

it('has one signal, which aborts with the first reason', () => {
	const controller = new LateController();
	const { signal } = controller;
	expect(controller.signal).toBe(signal);
	expect([signal.aborted, controller.aborted]).toEqual([false, false]);
	controller.abort('gone');
	controller.abort('late');
	expect([signal.aborted, signal.reason, controller.aborted]).toEqual([true, 'gone', true]);
});

it('has a signal that was aborted before anybody asked for it', () => {
	const controller = new LateController();
	controller.abort('gone');
	controller.abort('late');
	expect(controller.aborted).toBe(true);
	expect([controller.signal.aborted, controller.signal.reason]).toEqual([true, 'gone']);
});
