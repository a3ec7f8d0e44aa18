import { expect, it, vi } from 'vitest';
import { CookieChanges, watchRequests } from '../../../../src/client/live/cookie-changes.ts';

/** A request that goes nowhere. */
class Xhr extends EventTarget {
	readonly calls: unknown[] = [];

	open(...args: unknown[]): void {
		this.calls.push(['open', ...args]);
	}

	send(body?: unknown): void {
		this.calls.push(['send', body]);
	}
}

class Form {
	method: string;

	constructor(method: string) {
		this.method = method;
	}

	submit(): void {}
}

function watched() {
	class XMLHttpRequest extends Xhr {}
	XMLHttpRequest.prototype.open = Xhr.prototype.open;
	XMLHttpRequest.prototype.send = Xhr.prototype.send;
	class HTMLFormElement extends Form {
		override submit(): void {}
	}
	const navigator = { sendBeacon: () => true };
	const scope = Object.assign(new EventTarget(), { XMLHttpRequest, HTMLFormElement, navigator });
	const changes = new CookieChanges();
	watchRequests(scope as unknown as Parameters<typeof watchRequests>[0], changes);
	return { scope, changes, XMLHttpRequest, HTMLFormElement };
}

it('an XMLHttpRequest that may change cookies counts when it is sent, and when its answer is there', () => {
	const { changes, XMLHttpRequest } = watched();
	const request = new XMLHttpRequest();
	request.open('post', '/login', true);
	expect(changes.count).toBe(0);
	request.send('body');
	expect(changes.count).toBe(1);
	request.dispatchEvent(new Event('readystatechange'));
	expect(changes.count).toBe(2);
	expect(request.calls).toEqual([
		['open', 'post', '/login', true],
		['send', 'body']
	]);
	const get = new XMLHttpRequest();
	get.open('GET', '/data');
	get.send();
	get.dispatchEvent(new Event('readystatechange'));
	expect(changes.count).toBe(2);
});

it('after a beacon, and a form that leads elsewhere, nobody is sure for a while', async () => {
	vi.useFakeTimers();
	const { scope, changes, HTMLFormElement } = watched();
	const grows = async () => {
		const before = changes.count;
		await vi.advanceTimersByTimeAsync(300);
		const isGrown = changes.count > before;
		await vi.advanceTimersByTimeAsync(10_000);
		return isGrown;
	};
	const submit = (method: string, isTaken: boolean) => {
		const event = new Event('submit', { cancelable: true });
		Object.defineProperty(event, 'target', { value: new HTMLFormElement(method) });
		if (isTaken) event.preventDefault();
		scope.dispatchEvent(event);
	};
	expect(await grows()).toBe(false);
	scope.navigator.sendBeacon();
	expect(await grows()).toBe(true);
	new HTMLFormElement('post').submit();
	expect(await grows()).toBe(true);
	new HTMLFormElement('get').submit();
	expect(await grows()).toBe(false);
	submit('post', false);
	expect(await grows()).toBe(true);
	submit('get', false);
	expect(await grows()).toBe(false);
	// A script does it instead, by a request of its own.
	submit('post', true);
	expect(await grows()).toBe(false);
	vi.useRealTimers();
});
