/** What `svelte-adapter-ws/vite` exports. */
export { websockets } from './vite/websockets.ts';
