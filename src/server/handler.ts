import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import process from 'node:process';
import type { Handoff } from '../shared/handoff.ts';
import { App } from './app.ts';
import { createAppConfig } from './config.ts';
import { createNodeEngine } from './engine/node/index.ts';
import type { Variables } from './env.ts';
import { createLog } from './log.ts';
import { surviveLostOutput } from './output.ts';

/** The app for a server of one's own. */
export interface CustomServer {
	/** A handler in the style of connect, for `node:http`, express, polka and the like. It answers every request. */
	handler(req: IncomingMessage, res: ServerResponse, next?: () => void): void;
	/** Let the app's sockets in: takes every upgrade of the server that asks for a WebSocket. */
	attach(server: Server): void;
}

/**
 * The app without a server around it, always on the Node engine.
 * @throws {AdapterError} `bad_env`, or what is wrong with `src/websocket`
 */
export async function createHandler(
	handoff: Handoff,
	variables: Variables = process.env
): Promise<CustomServer> {
	surviveLostOutput();
	const app = new App(handoff, createAppConfig(handoff, variables), createLog());
	const engine = await createNodeEngine(app.engineOptions, app.handlers);
	await app.init(engine, variables);
	return {
		handler: (req, res) => engine.receive(req, res),
		attach: (server) => engine.attach(server)
	};
}
