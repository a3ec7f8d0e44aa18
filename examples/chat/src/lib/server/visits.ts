/** Sockets opened since the start. The socket hook counts, an endpoint reads: both see this one object. */
export const visits = { count: 0 };
