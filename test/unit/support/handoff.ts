import type { Handoff, WebSocketHandoff } from '../../../src/shared/handoff.ts';

/** None of it is a default of the adapter: what is lost on the way is missed. */
export const websocketHandoff: WebSocketHandoff = {
	allowedOrigins: ['https://allowed.example'],
	maxPayload: 1024,
	idleTimeout: 40,
	maxBackpressure: 2048,
	closeOnBackpressureLimit: true,
	maxConnections: 9,
	upgradeTimeout: 7,
	compression: true,
	trustedOrigins: ['https://trusted.example'],
	isHashRouted: false
};

/** What a build of an empty app hands off. */
export function fakeHandoff(parts: Partial<Handoff> = {}): Handoff {
	return {
		server: { init: () => Promise.resolve(), respond: () => Promise.resolve(new Response()) },
		dir: '/app/build',
		base: '',
		appPath: '_app',
		origin: undefined,
		envPrefix: '',
		engine: 'auto',
		mimeTypes: {},
		assets: { entries: [], aliases: [] },
		prerendered: { entries: [], aliases: [] },
		websocket: websocketHandoff,
		...parts
	} as Handoff;
}
