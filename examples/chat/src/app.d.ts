declare global {
	namespace App {
		interface Locals {
			user: { name: string } | null;
		}
	}
}

// The page knows the paths, the params and the messages of src/websocket.ts.
declare module 'svelte-adapter-ws/client' {
	interface Register {
		websocket: typeof import('./websocket.ts').websocket;
	}
}

export {};
