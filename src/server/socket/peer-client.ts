import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Caller } from '../../shared/errors.ts';
import type { OwnClient } from './kept-topic.ts';

export interface RequestOptions {
	/** Milliseconds that the answer may take. Default: 10,000. */
	timeout?: number;
	/** When it aborts, the request is rejected with its reason. */
	signal?: AbortSignal;
}

/** A client that speaks our protocol, as its peer sees it. */
export interface PeerClient extends OwnClient {
	/** @param caller the method that the app has called */
	request(value: unknown, options: RequestOptions, caller: Caller): Promise<unknown>;
	/** A message of it was refused that it does not await an answer to. */
	refused(issues: readonly StandardSchemaV1.Issue[]): void;
}
