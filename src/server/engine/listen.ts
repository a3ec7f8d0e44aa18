import { AdapterError } from '../../shared/errors.ts';

const advice: Record<string, string> = {
	EADDRINUSE: 'Stop the process that listens there, or choose another port with PORT.',
	EACCES: 'Choose a port above 1023 with PORT, or run with the right to use this one.',
	EADDRNOTAVAIL: 'Set HOST to an address of this machine.',
	ENOTFOUND: 'Set HOST to an address of this machine.'
};

/** The error of an address that cannot be listened on. `cause.code` stays readable as the error's cause. */
export function listenFailed(
	host: string,
	port: number,
	cause: NodeJS.ErrnoException = Object.assign(new Error('the port is taken'), {
		code: 'EADDRINUSE'
	})
): AdapterError {
	const code = cause.code ?? 'unknown';
	return new AdapterError('listen_failed', {
		what: `Cannot listen on ${host}:${port}`,
		value: code,
		todo: advice[code] ?? 'Set HOST and PORT to an address that is free.',
		cause
	});
}
