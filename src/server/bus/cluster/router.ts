import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Topics } from '../../topic-members.ts';
import { Histories } from '../log/histories.ts';
import { Connection } from './connection.ts';
import { answerPacket, readQuestion, type Answer, type Question } from './log-packets.ts';
import { channelOf, channelsOf, packetTypes, textPacket, type Packet } from './packets.ts';

/** One worker, as the router has it. */
interface Member {
	readonly connection: Connection;
	/** Empty until it has said hello. */
	process: string;
}

/** Knows which worker listens on what, and sends frames on, into none of which it looks. It keeps what topics remember. */
export class Router {
	readonly #process: string;
	readonly #server: Server;
	readonly #members = new Set<Member>();
	readonly #channels = new Topics<Member>();
	readonly #histories = new Histories();

	/** @param process the one that it runs in, where that is a worker itself */
	constructor(process = '') {
		this.#process = process;
		this.#server = createServer((socket) => this.#admit(socket));
	}

	/** @throws the system's error */
	async listen(path: string): Promise<void> {
		// In a worker of node:cluster its primary would listen, and share it with all of them.
		this.#server.listen({ path, exclusive: true });
		await once(this.#server, 'listening');
		// Out of descriptors, for one: the next who comes may have more luck.
		this.#server.on('error', () => {});
		this.#server.unref();
	}

	/** How many listen on a channel. */
	listeners(channel: string): number {
		return this.#channels.members(Buffer.from(channel).toString('latin1'))?.size ?? 0;
	}

	/** Let what has come leave, and go. Harmless when called twice. */
	close(): void {
		this.#server.close();
		for (const { connection } of this.#members) connection.end();
	}

	#admit(socket: Socket): void {
		socket.unref();
		const member: Member = {
			process: '',
			connection: new Connection(socket, {
				packet: (packet) => this.#receive(member, packet),
				ended: () => this.#dismiss(member)
			})
		};
		this.#members.add(member);
	}

	#receive(member: Member, { type, body, whole }: Packet): void {
		if (type === packetTypes.frame) this.#route(member, channelOf(body), whole);
		else if (type === packetTypes.listen)
			for (const channel of channelsOf(body)) this.#channels.join(channel, member);
		else if (type === packetTypes.unlisten)
			for (const channel of channelsOf(body)) this.#channels.part(channel, member);
		else if (type === packetTypes.ask)
			member.connection.send(...answerPacket(this.#answer(readQuestion(body))));
		else if (type === packetTypes.hello) {
			member.process = body.toString();
			member.connection.send(textPacket(packetTypes.welcome, this.#process));
		}
	}

	#route(sender: Member, channel: string, whole: Buffer): void {
		for (const member of this.#channels.members(channel) ?? []) {
			if (member !== sender) member.connection.send(whole);
		}
	}

	#answer({ number, topic, limits, entries, deadline, after = 0 }: Question): Answer {
		if (deadline === undefined) return { number, page: this.#histories.read(topic, after, limits) };
		if (Date.now() > deadline) return { number, refused: 'it has come too late' };
		return { number, numbered: this.#histories.append(topic, entries, limits) };
	}

	#dismiss(member: Member): void {
		this.#members.delete(member);
		this.#channels.leave(member);
		const others = [...this.#members];
		if (member.process === '') return;
		// One that was cut may be back before its old connection has ended here.
		if (others.some(({ process }) => process === member.process)) return;
		for (const { connection } of others)
			connection.send(textPacket(packetTypes.left, member.process));
	}
}
