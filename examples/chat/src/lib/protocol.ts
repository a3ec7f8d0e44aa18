/** What the server sends; `at` is in milliseconds since 1970. */
export type ServerMessage =
	| { type: 'message'; from: string; text: string; at: number }
	| { type: 'present'; names: string[] }
	| { type: 'announcement'; from: string; text: string; at: number }
	| { type: 'problem'; text: string };

/** What the client sends. */
export interface ClientMessage {
	text: string;
}

export const MAX_TEXT_LENGTH = 500;

/** The text without the space around it, or `null` where it is no text, empty or too long. */
export function parseText(value: unknown): string | null {
	if (typeof value !== 'string') return null;
	const text = value.trim();
	return text.length > 0 && text.length <= MAX_TEXT_LENGTH ? text : null;
}

/** Reads a {@link ClientMessage} that anybody may have sent; `null` where it is none. */
export function parseClientMessage(raw: string): ClientMessage | null {
	try {
		const text = parseText((JSON.parse(raw) as Partial<ClientMessage> | null)?.text);
		return text === null ? null : { text };
	} catch {
		return null;
	}
}
