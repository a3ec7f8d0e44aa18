export { browserPage } from './browser-page.ts';
export { Connection } from './connection.ts';
export { ConnectionError, type ConnectionErrorCode } from './errors.ts';
export type { Page, PageEvents } from './page.ts';
export type {
	CloseDetails,
	ConnectionEvents,
	ConnectionOptions,
	ProtocolsSource,
	UrlSource
} from './types.ts';
export type { ConnectionState, Status } from './state.ts';
