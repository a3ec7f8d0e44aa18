import * as v from 'valibot';

export const MAX_TEXT_LENGTH = 500;

export const Text = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(MAX_TEXT_LENGTH));

/** What a client sends: what somebody says, or whether somebody types. */
export const Incoming = v.union([
	v.strictObject({ text: Text }),
	v.strictObject({ isTyping: v.boolean() })
]);

/** What the server sends; `at` is in milliseconds since 1970. */
export const Outgoing = v.variant('type', [
	v.object({ type: v.literal('message'), from: v.string(), text: Text, at: v.number() }),
	v.object({ type: v.literal('announcement'), from: v.string(), text: Text, at: v.number() }),
	v.object({ type: v.literal('problem'), text: v.string() })
]);

/** What stands in the log. */
export type Entry = v.InferOutput<typeof Outgoing>;

/** What the others see of somebody who is here. */
export interface Info {
	isTyping: boolean;
}
