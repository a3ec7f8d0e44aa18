import type { Log } from '../../../src/server/log.ts';

/** A log that keeps what it is told. */
export class FakeLog implements Log {
	readonly infos: string[] = [];
	readonly warnings: { what: string; value: string | undefined; todo?: string }[] = [];
	/** Errors whose stacks were to be mapped. */
	readonly mapped: unknown[] = [];
	readonly errors: { what: string; error: unknown }[] = [];

	info(what: string): void {
		this.infos.push(what);
	}

	warn(what: string, value?: string, todo?: string): void {
		this.warnings.push({ what, value, ...(todo !== undefined && { todo }) });
	}

	error(what: string, error: unknown): void {
		this.errors.push({ what, error });
	}

	mapStack(error: unknown): void {
		this.mapped.push(error);
	}
}
