/** Names of our inputs of the SSR build, and so of the files in `build/server`. */
export const startEntry = 'adapter-start';
export const handlerEntry = 'adapter-handler';
export const websocketEntry = 'adapter-websocket';
