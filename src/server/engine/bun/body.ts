import { RequestBody } from '../request-body.ts';

/**
 * The body of a request, which has one.
 * @param leave is called when it breaks off
 */
export function readBody(request: Request, leave: () => void): RequestBody {
	let wake = Promise.withResolvers<void>();
	let isPaused = false;
	const body = new RequestBody({
		pause() {
			isPaused = true;
			wake = Promise.withResolvers();
		},
		resume() {
			isPaused = false;
			wake.resolve();
		}
	});
	const reader = (request.body as ReadableStream<Uint8Array>).getReader();
	const read = async () => {
		for (;;) {
			if (isPaused) await wake.promise;
			const { done, value } = await reader.read();
			if (done) return body.end();
			body.receive(value);
		}
	};
	// Bun breaks it off when the client has left, and says so here or of the request, whichever comes first.
	read().catch(leave);
	return body;
}
