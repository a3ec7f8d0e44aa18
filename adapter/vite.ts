/** What `svelte-adapter-ws/vite` exports. */
export { websockets } from './kit2.ts';
