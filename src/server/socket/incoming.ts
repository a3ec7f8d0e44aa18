import type { StandardSchemaV1 } from '@standard-schema/spec';
import { AdapterError } from '../../shared/errors.ts';
import { isThenable } from '../../shared/thenable.ts';
import { printable } from '../printable.ts';
import { Message } from './message.ts';
import type { MaybePromise } from './types.ts';

/** What is wrong with a message, as a client may see it. */
export interface MessageIssue {
	message: string;
	/** Where it is wrong: the keys and indexes that lead there. */
	path?: (string | number)[];
}

/** Of these many a client is told, and an error names them: a long list may be wrong in each of its items. */
const maxIssues = 10;

/** Characters of what is said of one of them. */
const maxText = 200;

/** What happened to it. */
export const refusedMessage = 'A message was refused by the schema incoming of its path';

/** A message that the schema `incoming` of its path has refused. */
export class MessageError extends AdapterError {
	/** All that the schema says. */
	readonly issues: readonly StandardSchemaV1.Issue[];
	/** The same in words, for whoever has sent it. */
	readonly summary: string;

	/** @param path as in `src/websocket` */
	constructor(path: string, issues: readonly StandardSchemaV1.Issue[]) {
		const summary = summaryOf(issues);
		super('bad_message', {
			what: refusedMessage,
			value: `${path}: ${summary}`,
			todo: 'Send what the schema describes, or let it allow this.'
		});
		this.issues = issues;
		this.summary = summary;
	}
}

/**
 * What a schema says of a message.
 * @param path as in `src/websocket`
 * @returns the message with the value that the schema has made of it, or why not
 * @throws whatever the schema throws, or what it returns rejects with
 */
export function validate(
	schema: StandardSchemaV1,
	message: Message,
	path: string
): MaybePromise<Message | MessageError> {
	const judge = (result: StandardSchemaV1.Result<unknown>) =>
		result.issues === undefined
			? new Message(message.data, { is: result.value })
			: new MessageError(path, result.issues);
	const result = schema['~standard'].validate(message.value);
	return isThenable(result) ? Promise.resolve(result).then(judge) : judge(result);
}

/** Issues in words. */
export function summaryOf(issues: readonly StandardSchemaV1.Issue[]): string {
	return shownIssues(issues).map(inWords).join('; ') || 'It was refused';
}

/** Issues that can be JSON, whatever the schema has made of them. */
export function shownIssues(issues: readonly StandardSchemaV1.Issue[]): MessageIssue[] {
	return issues.slice(0, maxIssues).map(({ message, path = [] }) => ({
		message: shorten(message),
		...(path.length > 0 && { path: path.map(keyOf) })
	}));
}

function keyOf(segment: PropertyKey | StandardSchemaV1.PathSegment): string | number {
	const key = typeof segment === 'object' ? segment.key : segment;
	return typeof key === 'number' ? key : shorten(String(key));
}

function shorten(text: string): string {
	return printable(String(text), maxText).toWellFormed();
}

function inWords({ message, path }: MessageIssue): string {
	return path === undefined ? message : `${path.join('.')}: ${message}`;
}
