import type { Log } from '../../../src/server/log.ts';

/** A log that keeps what it is told. */
export class FakeLog implements Log {
	readonly infos: string[] = [];
	readonly warnings: { what: string; value: string | undefined }[] = [];
	readonly errors: { what: string; error: unknown }[] = [];

	info(what: string): void {
		this.infos.push(what);
	}

	warn(what: string, value?: string): void {
		this.warnings.push({ what, value });
	}

	error(what: string, error: unknown): void {
		this.errors.push({ what, error });
	}
}
