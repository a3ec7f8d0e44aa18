type Binary = ArrayBuffer | ArrayBufferView | Blob;

/** What JSON leaves out of an object. */
type LeftOut = symbol | ((...args: never) => unknown);

/** What the other end receives of a value: binary data as an `ArrayBuffer`, and what JSON makes of anything else. */
export type Received<T> = T extends Binary ? ArrayBuffer : AsJson<T>;

type AsJson<T> = unknown extends T
	? T
	: T extends string | number | boolean | null | undefined
		? T
		: T extends { toJSON(): infer Json }
			? AsJson<Json>
			: T extends LeftOut | bigint
				? never
				: T extends readonly unknown[]
					? { [K in keyof T]: T[K] extends LeftOut | undefined ? null : AsJson<T[K]> }
					: {
							[K in keyof T as K extends symbol ? never : T[K] extends LeftOut ? never : K]: AsJson<
								T[K]
							>;
						};
