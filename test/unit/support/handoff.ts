import type { Handoff, WebSocketHandoff } from '../../../src/shared/handoff.ts';

export const websocketHandoff: WebSocketHandoff = {
	allowedOrigins: 'same-origin',
	maxPayload: 1024,
	idleTimeout: 120,
	maxBackpressure: 2048,
	closeOnBackpressureLimit: false,
	maxConnections: 10,
	upgradeTimeout: 10,
	compression: false,
	trustedOrigins: [],
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
