import './files/types/src/server/index.js';

export { default } from './files/types/adapter/index.js';
export type { AdapterOptions, WebSocketOptions } from './files/types/adapter/options.js';
