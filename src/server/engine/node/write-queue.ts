import type { Duplex } from 'node:stream';

/** What Node's own streams have below them; that of TLS has another one below. */
interface Handle {
	writeQueueSize?: number;
	_parent?: Handle;
}

/** Node shows this to nobody, and looks at it itself before it calls a connection idle (`_onTimeout` in `net`). */
export function writeQueueSize(connection: Duplex): number {
	const { _handle: handle }: { _handle?: Handle | null } = Object(connection);
	const { _parent: below = handle } = handle ?? {};
	return below?.writeQueueSize ?? 0;
}
