import type { Exchange } from '../engine/engine.ts';
import { describeRequest } from '../describe-request.ts';
import { HostCheck } from '../host.ts';
import type { Log } from '../log.ts';
import { clientAddress, type AddressOptions } from './address.ts';
import { whyBad } from './bad-request.ts';
import { EventStreams, isEventStream } from './event-streams.ts';
import { requestOrigin, type OriginOptions } from './origin.ts';
import { RefusedForms } from './refused-forms.ts';
import { RequestFactory } from './request.ts';
import { LazyResponses, type ResponseGlobals } from './lazy-response.ts';
import { bodyOf, headOf } from './response.ts';
import { WholeBodies, type WholeBody } from './whole-body.ts';

export interface SsrOptions {
	/** Kit's answer to a request. */
	respond(request: Request, exchange: Exchange): Promise<Response>;
	origin: OriginOptions;
	address: AddressOptions;
	bodySizeLimit: number;
	/** False: nothing is made any later than an app could see. */
	isFast: boolean;
	/** Where the app finds `Response`, so that a faster one can stand before it. */
	globals?: ResponseGlobals;
	log: Log;
}

/** The app's own answers: from an exchange to Kit and back. */
export class Ssr {
	readonly #options: SsrOptions;
	readonly #hosts = new HostCheck();
	readonly #eventStreams = new EventStreams();
	readonly #forms: RefusedForms;
	readonly #requests: RequestFactory;
	readonly #wholeBodies: WholeBodies | undefined;
	readonly #responses: LazyResponses | undefined;

	constructor(options: SsrOptions) {
		this.#options = options;
		this.#requests = new RequestFactory(options.isFast);
		this.#wholeBodies = options.isFast ? new WholeBodies(Response) : undefined;
		this.#responses =
			options.isFast && options.globals ? LazyResponses.stand(options.globals) : undefined;
		this.#forms = new RefusedForms(options.log, options.origin);
	}

	/** How the origin of a request is found. */
	get origin(): OriginOptions {
		return this.#options.origin;
	}

	/** Answer a request of the app. Never rejects. */
	handle(exchange: Exchange): Promise<void> {
		return this.#eventStreams.answer(exchange, () => this.#handle(exchange));
	}

	async #handle(exchange: Exchange): Promise<void> {
		const request = this.createRequest(exchange);
		if (request === undefined) return;
		try {
			const response = await this.respond(request, exchange);
			this.#forms.look(response, exchange, request.url);
			await this.send(response, exchange);
		} catch (error) {
			await this.fail(error, exchange);
		}
	}

	/**
	 * To be called in the turn in which the exchange arrived. Answers 400 itself.
	 * @param controller has the request's signal. Default: one that aborts when the client leaves before it is answered
	 * @returns undefined if the exchange makes no request
	 */
	createRequest(
		exchange: Exchange,
		controller?: Pick<AbortController, 'signal'>
	): Request | undefined {
		const { origin, bodySizeLimit, log } = this.#options;
		try {
			return this.#requests.create(exchange, {
				origin: requestOrigin(exchange, origin, this.#hosts),
				bodySizeLimit,
				controller
			});
		} catch (error) {
			const why = whyBad(error, exchange);
			log.warn('A request was answered 400', describeRequest(exchange), why);
			exchange.send({ status: 400, headers: [] }, Buffer.from('Bad Request')).catch(() => {});
			return undefined;
		}
	}

	respond(request: Request, exchange: Exchange): Promise<Response> {
		return this.#options.respond(request, exchange);
	}

	/** The client's address, or that of the connection if somebody went around the trusted proxy. */
	clientAddress(exchange: Exchange): string {
		try {
			return clientAddress(exchange, this.#options.address);
		} catch {
			return exchange.address;
		}
	}

	/** @throws the error of the response's own stream, after the connection was cut */
	async send(response: Response, exchange: Exchange): Promise<void> {
		if (isEventStream(response)) {
			// Leaving is how it ends.
			return this.#eventStreams.keep(exchange, () => sendStream(response, exchange));
		}
		if (exchange.sendWhole?.(response)) return;
		const head = headOf(response);
		const whole = this.#findWhole(response);
		await exchange.send(head, whole === undefined ? await bodyOf(response) : whole);
		if (!exchange.aborted) return;
		const { log } = this.#options;
		log.warn('A client left before its response was complete', describeRequest(exchange));
	}

	#findWhole(response: Response): WholeBody | null | undefined {
		const lazy = this.#responses?.find(response);
		return lazy === undefined ? this.#wholeBodies?.find(response) : lazy;
	}

	/** Something failed that Kit did not answer for. */
	async fail(error: unknown, exchange: Exchange): Promise<void> {
		this.#options.log.error(`${describeRequest(exchange)} failed`, error);
		if (!exchange.isAnswered)
			await exchange.send({ status: 500, headers: [] }, Buffer.from('Internal Server Error'));
	}

	/** Cut the event streams that are open, and each one that is still to come. */
	cutEventStreams(reason: unknown): void {
		this.#eventStreams.cut(reason);
	}

	/** Event streams may come again. */
	admitEventStreams(): void {
		this.#eventStreams.admit();
	}
}

async function sendStream(response: Response, exchange: Exchange): Promise<void> {
	const { status, headers } = headOf(response);
	// nginx holds streams back otherwise: https://github.com/sveltejs/kit/issues/15790
	const added: [string, string][] = response.headers.has('x-accel-buffering')
		? []
		: [['x-accel-buffering', 'no']];
	await exchange.send({ status, headers: [...headers, ...added] }, await bodyOf(response));
}
