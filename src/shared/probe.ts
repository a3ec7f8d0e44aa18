/**
 * With the value 1 a request asks how an upgrade would be answered; after a comma follow the subprotocols that it would offer.
 * The answer has the header too, with the subprotocol that would be spoken, if there is one, after a comma.
 */
export const probeHeader = 'x-websocket-probe';

/**
 * The origin of the page that asks: a browser names it in a handshake, but not in a plain request to the page's own server.
 * Where the browser has named it, this counts for nothing.
 */
export const pageOriginHeader = 'x-websocket-origin';

/**
 * The status of a redirect with which the upgrade would be answered; where it leads stands in `location`. Scripts cannot
 * read a redirect, so the status of the answer itself is 403.
 */
export const redirectHeader = 'x-websocket-redirect';
