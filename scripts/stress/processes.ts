import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import process from 'node:process';

/** What Linux says about processes: the only system on which the stress runner runs. */

/** @returns what the reading gives, or undefined where the process is gone meanwhile */
function attempt<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}

/** The processes that were started with a variable of this value, or by one that was. */
export function processesWith(variable: string, value: string): number[] {
	const entry = `${variable}=${value}`;
	return readdirSync('/proc')
		.map(Number)
		.filter((pid) => pid > 0 && pid !== process.pid)
		.filter((pid) => {
			const environment = attempt(() => readFileSync(`/proc/${pid}/environ`, 'latin1'));
			return environment?.split('\0').includes(entry);
		});
}

export function childrenOf(pid: number): number[] {
	const text = attempt(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1'));
	return (text ?? '').split(' ').filter(Boolean).map(Number);
}

/** How many descriptors a process has open; 0 for one that is gone. */
export function descriptorsOf(pid: number): number {
	return attempt(() => readdirSync(`/proc/${pid}/fd`).length) ?? 0;
}

/**
 * Which of some processes has the server's end of a connection.
 * @param ports that of the server, and that of the client
 */
export function ownerOf(
	pids: readonly number[],
	{ server, client }: { server: number; client: number }
): number | undefined {
	const link = `socket:[${inodeOf(server, client)}]`;
	return pids.find((pid) => {
		const numbers = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
		return numbers.some(
			(number) => attempt(() => readlinkSync(`/proc/${pid}/fd/${number}`)) === link
		);
	});
}

function inodeOf(server: number, client: number): string | undefined {
	const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
	const lines = ['tcp', 'tcp6'].flatMap((name) =>
		readFileSync(`/proc/net/${name}`, 'latin1').split('\n')
	);
	const fields = lines.map((line) => line.trim().split(/\s+/));
	const found = fields.find(
		([, local, remote]) => local?.endsWith(`:${hex(server)}`) && remote?.endsWith(`:${hex(client)}`)
	);
	return found?.[9];
}
