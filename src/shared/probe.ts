/** With the value 1 a request asks how an upgrade would be answered. */
export const probeHeader = 'x-websocket-probe';
