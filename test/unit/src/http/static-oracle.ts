import type { IncomingMessage, ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import type { AssetTable } from '../../../../src/shared/handoff.ts';
import { importAdapterNode } from '../../support/adapter-node.ts';
import type { TempFolder } from '../../support/folder.ts';
import { tables, type StaticRequest } from './static-requests.ts';

/** An answer; null where the request is not for a file. */
export type StaticAnswer = null | {
	status: number;
	/** By name, with the values as strings. */
	headers: Record<string, string>;
	body: string;
};

type Middleware = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/** `src/static.js` of adapter-node. */
interface Static {
	create_file_map(options: {
		dir: string;
		base: string;
		app_path: string;
		mime_types: Record<string, string>;
		assets: AssetTable;
		prerendered_assets: AssetTable;
	}): unknown;
	serve_static(files: unknown): Middleware;
}

/** What adapter-node answers, for the same files in this folder. */
export async function askAdapterNode(
	folder: TempFolder,
	request: StaticRequest
): Promise<StaticAnswer> {
	const { create_file_map, serve_static } = await importAdapterNode<Static>('src/static.js');
	const { base, appPath, mimeTypes, assets, prerendered } = tables;
	const serve = serve_static(
		create_file_map({
			dir: folder.path,
			base,
			app_path: appPath,
			mime_types: mimeTypes,
			assets,
			prerendered_assets: prerendered
		})
	);
	return new Promise((done) => {
		const { method = 'GET', target, headers = {} } = request;
		const req = { method, url: target, headers } as unknown as IncomingMessage;
		const res = new Recorder();
		res.on('finish', () => done({ status: res.status, headers: res.headers, body: res.body }));
		serve(req, res as unknown as ServerResponse, () => done(null));
	});
}

/** As much of a `ServerResponse` as adapter-node uses for a file. */
class Recorder extends Writable {
	status = 0;
	headers: Record<string, string> = {};
	body = '';

	writeHead(status: number, headers: Record<string, string | number>): this {
		this.status = status;
		const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)]);
		this.headers = Object.fromEntries(pairs) as Record<string, string>;
		return this;
	}

	override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
		this.body += chunk.toString();
		done();
	}
}
