/** What is used of it here. */
declare module 'd3-scale' {
	interface LogScale {
		(value: number): number;
		domain(values: readonly [number, number]): LogScale;
		range(values: readonly [number, number]): LogScale;
		/** Widen the domain to powers of ten. */
		nice(): LogScale;
		domain(): [number, number];
	}
	export function scaleLog(): LogScale;
}
