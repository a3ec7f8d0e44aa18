import { describe, expect, it, vi } from 'vitest';
import { looksPerPing, Pulse } from '../../../../src/server/engine/pulse.ts';

/** The pulse of a socket, as far as it looks at one. */
function create(patience = 8) {
	const connection = { bytesRead: 0 };
	const onSilent = vi.fn();
	const socket = { pending: 0, ping: vi.fn(), silent: onSilent };
	const pulse = new Pulse(socket, connection, patience);
	return { pulse, connection, socket, onSilent };
}

describe('the pulse of a socket', () => {
	it('is lost when it has been silent for so many looks, and it is pinged before that', () => {
		const { pulse, socket, onSilent } = create();
		// whatever came before the first look has come
		for (let look = 0; look < 8; look += 1) pulse.beat();
		expect(socket.ping).toHaveBeenCalledTimes(8 / looksPerPing);
		expect(onSilent).not.toHaveBeenCalled();
		pulse.beat();
		expect(onSilent).toHaveBeenCalledOnce();
	});

	it('goes on while one large message takes its time to arrive', () => {
		const { pulse, connection, onSilent } = create();
		for (let look = 0; look < 100; look += 1) {
			if (look % 7 === 0) connection.bytesRead += 1;
			pulse.beat();
		}
		expect(onSilent).not.toHaveBeenCalled();
	});

	it('is never lost where nobody is dropped, and pings go out all the same', () => {
		const { pulse, socket, onSilent } = create(Infinity);
		for (let look = 0; look < 1000; look += 1) pulse.beat();
		expect(onSilent).not.toHaveBeenCalled();
		expect(socket.ping).toHaveBeenCalledTimes(1000 / looksPerPing);
	});

	it('goes on while the client takes what is queued, and is lost when it takes no more', () => {
		const { pulse, socket, onSilent } = create();
		socket.pending = 1_000_000;
		for (let look = 0; look < 100; look += 1) {
			if (look % 7 === 0) socket.pending -= 1;
			pulse.beat();
		}
		expect(onSilent).not.toHaveBeenCalled();
		for (let look = 0; look < 8; look += 1) {
			socket.pending += 1;
			pulse.beat();
		}
		expect(onSilent).toHaveBeenCalled();
	});

	it('has no ping wait behind what is queued', () => {
		const { pulse, socket } = create();
		socket.pending = 1;
		for (let look = 0; look < 4; look += 1) pulse.beat();
		expect(socket.ping).not.toHaveBeenCalled();
		socket.pending = 0;
		for (let look = 0; look < 2; look += 1) pulse.beat();
		expect(socket.ping).toHaveBeenCalledOnce();
	});
});
