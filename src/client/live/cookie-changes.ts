/** Counts what may have changed the cookies of a page, which it cannot see. */
export class CookieChanges {
	#count = 0;

	/** Another number whenever something may have changed them. */
	get count(): number {
		return this.#count;
	}

	/** Something may have changed them now. */
	readonly note = (): void => {
		this.#count += 1;
	};

	/** A request that may change them: from its beginning until its answer is there nobody knows what they are. */
	during(answer: PromiseLike<unknown>): void {
		this.note();
		answer.then(this.note, this.note);
	}
}

/** Notice the requests of a page that are none of `fetch`. */
export function watchRequests(scope: typeof window, { note }: CookieChanges): void {
	const { XMLHttpRequest: Xhr, navigator } = scope;
	const { open, send } = Xhr.prototype;
	const unsafe = new WeakSet<XMLHttpRequest>();
	// oxlint-disable-next-line func-names -- it stands for a method
	Xhr.prototype.open = function (this: XMLHttpRequest, ...args: [method: string, url: string]) {
		if (['GET', 'HEAD'].includes(args[0].toUpperCase())) unsafe.delete(this);
		else unsafe.add(this);
		open.apply(this, args as unknown as Parameters<typeof open>);
	};
	// oxlint-disable-next-line func-names -- it stands for a method
	Xhr.prototype.send = function (this: XMLHttpRequest, body) {
		if (unsafe.has(this)) {
			note();
			this.addEventListener('loadend', note, { once: true });
		}
		send.call(this, body);
	};
	const sendBeacon = navigator.sendBeacon.bind(navigator);
	navigator.sendBeacon = (url, data) => {
		note();
		return sendBeacon(url, data);
	};
	// A form may lead to another frame or window, and leave this page as it is.
	scope.addEventListener('submit', note, true);
}
