import * as v from 'valibot';

export interface Job {
	id: string;
	name: string;
	/** How many there are, and how many of them are done. */
	steps: number;
	done: number;
	state: JobState;
}

export type JobState = v.InferOutput<typeof JobState>;
const JobState = v.picklist(['running', 'done', 'cancelled']);

export const MAX_NAME_LENGTH = 40;
export const MAX_STEPS = 60;

/** Milliseconds for each step. */
export const PACES = { quick: 60, steady: 400, slow: 1500 };

/** What the form asks for. */
export const NewJob = v.object({
	name: v.pipe(
		v.string(),
		v.trim(),
		v.nonEmpty('Please give the job a name.'),
		v.maxLength(MAX_NAME_LENGTH, `A name has up to ${MAX_NAME_LENGTH} characters.`)
	),
	steps: v.pipe(
		v.string(),
		v.trim(),
		v.regex(/^\d{1,3}$/, `A job has 1 to ${MAX_STEPS} steps.`),
		v.transform(Number),
		v.minValue(1, `A job has 1 to ${MAX_STEPS} steps.`),
		v.maxValue(MAX_STEPS, `A job has 1 to ${MAX_STEPS} steps.`)
	),
	pace: v.picklist(['quick', 'steady', 'slow'], 'Please choose a pace.')
});

export type NewJob = v.InferOutput<typeof NewJob>;

/** What the server sends: a line of the log, and where the job stands with it. */
export const LogLine = v.object({
	/** From 1 on. */
	number: v.number(),
	/** Milliseconds since the start of the job. */
	at: v.number(),
	text: v.string(),
	done: v.number(),
	state: JobState
});

export type LogLine = v.InferOutput<typeof LogLine>;

/** What the page sends. */
export const Command = v.variant('type', [
	/** Send the lines after this one, and those to come. */
	v.object({ type: v.literal('follow'), after: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
	v.object({ type: v.literal('cancel') })
]);

export type Command = v.InferOutput<typeof Command>;
