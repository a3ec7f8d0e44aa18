/** What is used of it here. */
declare module 'd3-scale' {
	interface Scale {
		(value: number): number;
		domain(values: readonly [number, number]): Scale;
		range(values: readonly [number, number]): Scale;
		/** Widen the domain to round values. */
		nice(): Scale;
		domain(): [number, number];
		/** Round values, about so many. */
		ticks(count: number): number[];
	}
	export function scaleLog(): Scale;
	export function scaleLinear(): Scale;
}
