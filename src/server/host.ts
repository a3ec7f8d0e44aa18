/**
 * RFC 9112, section 3.2, and RFC 3986, section 3.2.2: a name or an address, and perhaps a port. Underscores occur, and bytes
 * beyond ASCII are left to the URL standard; percent signs and commas, which separate what a proxy has joined, are not.
 */
const form = /^(?:\[[\da-fA-F:.]+\]|[\w.~!$&'()*+;=\u0080-\u00ff-]+)(?::\d+)?$/;

/** Tells hosts from what would put a path, a query or another host into the URL that is made of it. */
export class HostCheck {
	/** Most requests of a server name the same one. */
	#lastGood: string | undefined;

	/** Whether a value can be the host of a URL. */
	passes(value: string): boolean {
		if (value === this.#lastGood) return true;
		if (!form.test(value) || !URL.canParse(`http://${value}`)) return false;
		this.#lastGood = value;
		return true;
	}
}
