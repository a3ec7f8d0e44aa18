import { filesFolder } from './files.ts';

/** Names of our inputs of the SSR build, and so of the files in `build/server`. */
export const leadEntry = 'adapter-lead';
export const startEntry = 'adapter-start';
export const handlerEntry = 'adapter-handler';
export const envEntry = 'adapter-env';
export const nodeVersionEntry = 'adapter-node-version';
export const websocketEntry = 'adapter-websocket';

/** The inputs of every build, each with its file of this package. */
export function serverEntries(): Record<string, string> {
	const files = filesFolder();
	return {
		[leadEntry]: `${files}/lead.js`,
		[startEntry]: `${files}/start.js`,
		[handlerEntry]: `${files}/handler.js`,
		[envEntry]: `${files}/env.js`,
		[nodeVersionEntry]: `${files}/node-version.js`
	};
}
