/** Milliseconds after which they may have changed again, and how often that is. */
const interval = 250;
const doubts = 20;

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

	/** A request that may change them, of whose answer nobody tells: for a while nobody knows what they are. */
	readonly doubt = (): void => {
		this.note();
		let left = doubts;
		const timer = setInterval(() => {
			this.note();
			left -= 1;
			if (left === 0) clearInterval(timer);
		}, interval);
	};

	/** A request that may change them: from its beginning until its answer is there nobody knows what they are. */
	during(answer: PromiseLike<unknown>): void {
		this.note();
		answer.then(this.note, this.note);
	}
}

/** Notice the requests of a page that are none of `fetch`. */
export function watchRequests(scope: typeof window, { note, doubt }: CookieChanges): void {
	const { XMLHttpRequest: Xhr, navigator } = scope;
	const { open, send } = Xhr.prototype;
	const unsafe = new WeakSet<XMLHttpRequest>();
	// oxlint-disable-next-line func-names -- it stands for a method
	Xhr.prototype.open = function (this: XMLHttpRequest, ...args: [method: string, url: string]) {
		if (['GET', 'HEAD'].includes(String(args[0]).toUpperCase())) unsafe.delete(this);
		else unsafe.add(this);
		open.apply(this, args as unknown as Parameters<typeof open>);
	};
	// oxlint-disable-next-line func-names -- it stands for a method
	Xhr.prototype.send = function (this: XMLHttpRequest, body) {
		if (unsafe.has(this)) {
			note();
			// Its cookies are there with its head, long before a large body is.
			this.addEventListener('readystatechange', note);
		}
		send.call(this, body);
	};
	// Some extensions take it away.
	const sendBeacon = (navigator as Partial<Navigator>).sendBeacon?.bind(navigator);
	if (sendBeacon) {
		navigator.sendBeacon = (url, data) => {
			doubt();
			return sendBeacon(url, data);
		};
	}
	watchForms(scope, doubt);
}

/** A form may lead to another frame or window, and leave this page as it is. */
function watchForms(scope: typeof window, doubt: () => void): void {
	const { submit } = scope.HTMLFormElement.prototype;
	const isUnsafe = (form: unknown) =>
		form instanceof scope.HTMLFormElement && form.method === 'post';
	// oxlint-disable-next-line func-names -- it stands for a method, of which no event tells
	scope.HTMLFormElement.prototype.submit = function (this: HTMLFormElement) {
		if (isUnsafe(this)) doubt();
		submit.call(this);
	};
	scope.addEventListener('submit', (event) => {
		// What a script does instead is a request of its own.
		const { submitter } = event;
		const isPost = submitter?.getAttribute('formmethod')?.toLowerCase() === 'post';
		if (isPost || isUnsafe(event.target)) setTimeout(() => event.defaultPrevented || doubt());
	});
}
