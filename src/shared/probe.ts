/**
 * With the value 1 a request asks how an upgrade would be answered; after a comma follow the subprotocols that it would offer.
 * The answer has the header too.
 */
export const probeHeader = 'x-websocket-probe';
