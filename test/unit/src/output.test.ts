import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { surviveLostOutput } from '../../../src/server/output.ts';

/** A stream whose reader is gone. */
function broken(): Writable {
	return new Writable({
		autoDestroy: false,
		write: (_chunk, _encoding, done) =>
			done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
	});
}

it('hears what cannot be written, once for every stream, however often it is asked', async () => {
	const streams = [broken(), broken()];
	surviveLostOutput(streams);
	surviveLostOutput(streams);
	for (const stream of streams) {
		expect(stream.listenerCount('error')).toBe(1);
		await new Promise((resolve) => stream.once('error', resolve).write('x'));
	}
});

it('leaves the listeners of the app', () => {
	const stream = broken();
	const heard = () => {};
	stream.on('error', heard);
	surviveLostOutput([stream]);
	expect(stream.listeners('error')).toContain(heard);
});
