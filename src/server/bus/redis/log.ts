import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { historyUnshared } from '../broker/history-unshared.ts';
import { createEpoch } from '../history.ts';
import { pageBytes, type LogLink, type Numbered, type Page } from '../log/link.ts';
import type { Entry, HistoryLimits, NewEntry } from '../topic-log.ts';
import { createScripts, type Script } from './log-scripts.ts';
import { asBuffer, maxFrame } from './options.ts';

type Arguments = readonly (string | Buffer)[];

/** Sends a command to whoever has the key. Texts come back as bytes. */
export type Send = (key: string, command: Arguments) => Promise<unknown>;

/** Milliseconds that numbers go on at least after somebody has asked for a topic. */
const day = 86_400_000;

/** Milliseconds in which a server that has just begun, or a cluster that changes, may become ready. */
const hope = 4000;

/** Of what has no end: milliseconds, messages, bytes. */
const endless = 1e12;

/** Topics of which it is known who has them. */
const most = 10_000;

/** The server that has a topic: in a cluster each may have another one. */
interface Owner {
	/** Which run of which server. */
	readonly run: string;
	/** How far its clock is ahead of the one of this process, which begins with it. */
	readonly ahead: number;
}

/** The kind of replies that come as bytes, as the package calls it. */
export const asBytes = { typeMapping: { 36: Buffer } } as const;

/** What topics remember, as streams. Nothing is there of topics that do not. */
export class RedisLog implements LogLink {
	readonly maxEntry = maxFrame;
	readonly #send: Send;
	readonly #prefix: string;
	readonly #description: string;
	readonly #scripts = createScripts();
	readonly #owners = new Map<string, Owner>();

	/** @param prefix stands before every key */
	constructor(send: Send, prefix: string, description: string) {
		this.#send = send;
		// Two pairs of braces would be no hash tag, and the keys of one topic on two nodes.
		this.#prefix = prefix.replaceAll(/[{}]/g, '_');
		this.#description = description;
	}

	async append(
		topic: string,
		entries: readonly NewEntry[],
		limits: HistoryLimits,
		patience: number
	): Promise<readonly Numbered[]> {
		const since = performance.now();
		// Nothing but its clock says when it is too late.
		if (!this.#owners.has(topic)) await this.read(topic, endless, limits);
		const ahead = this.#owners.get(topic)?.ahead ?? 0;
		const reply = await this.#run(topic, this.#scripts.append, limits, [
			String(Math.round(ahead + since + patience)),
			...entries.flatMap(toArguments)
		]);
		const [epoch, first, now] = reply.map(String);
		return entries.map((_, index) => ({
			epoch: epoch ?? '',
			offset: Number(first) + index,
			time: Number(now)
		}));
	}

	async read(topic: string, after: number, limits: HistoryLimits): Promise<Page> {
		const [epoch, last, now, ...found] = await this.#run(topic, this.#scripts.read, limits, [
			String(after),
			String(pageBytes)
		]);
		const entries: Entry[] = [];
		for (let at = 0; at + 2 < found.length; at += 3)
			entries.push(toEntry(String(found[at]), String(found[at + 1]), found[at + 2]));
		return { epoch: String(epoch), last: Number(last), entries, now: Number(now) };
	}

	/** @returns what the script has, but for the run: an epoch, a number, the server's time and more */
	async #run(
		topic: string,
		script: Script,
		{ size, bytes, ttl }: HistoryLimits,
		more: Arguments
	): Promise<Buffer[]> {
		const hash = `${this.#prefix}log:{${createHash('sha256').update(topic).digest('hex')}}`;
		const life = Math.min(Math.ceil(ttl * 1000), endless);
		const args = [
			...['2', hash, `${hash}:entries`, createEpoch(), this.#owners.get(topic)?.run ?? ''],
			...[size, bytes, life, 2 * life + day].map((each) =>
				String(Math.min(each, 2 * endless + day))
			),
			...more
		];
		const reply = (await this.#call(hash, script, args).catch((error: unknown) => {
			// It may be another one by now, or have set its clock.
			this.#owners.delete(topic);
			throw error;
		})) as Buffer[];
		const [run, ...rest] = reply;
		if (this.#owners.size >= most) this.#owners.clear();
		this.#owners.set(topic, { run: String(run), ahead: Number(rest[2]) - performance.now() });
		return rest;
	}

	async #call(key: string, script: Script, args: Arguments): Promise<unknown> {
		const until = performance.now() + hope;
		for (;;) {
			try {
				return await this.#evaluate(key, script, args);
			} catch (error) {
				const message = messageOf(error);
				if (/^NOPERM|can't run this command/.test(message))
					throw historyUnshared(
						this.#description,
						message,
						'Give its user the rights that docs/scaling.md lists.'
					);
				if (!/^(CLUSTERDOWN|LOADING|MASTERDOWN|TRYAGAIN)/.test(message)) throw error;
				if (performance.now() > until) throw error;
				await sleep(100, undefined, { ref: false });
			}
		}
	}

	async #evaluate(key: string, { sha, text }: Script, args: Arguments): Promise<unknown> {
		return this.#send(key, ['EVALSHA', sha, ...args]).catch((error: unknown) => {
			if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
			return this.#send(key, ['EVAL', text, ...args]);
		});
	}
}

function toArguments({ data, compress, author }: NewEntry): (string | Buffer)[] {
	const flags = (typeof data === 'string' ? 't' : 'b') + (compress ? 'c' : '-');
	return [flags, author, typeof data === 'string' ? data : asBuffer(data)];
}

function toEntry(offset: string, head: string, bytes: Buffer | undefined): Entry {
	const [flags = '', time, , author = ''] = head.split(' ');
	const data = bytes ?? Buffer.alloc(0);
	return {
		offset: Number(offset),
		time: Number(time),
		data: flags.startsWith('t') ? data.toString() : new Uint8Array(data),
		compress: flags.endsWith('c'),
		author
	};
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
