/** Bytes that a piece of data takes while it waits, besides its own: many small pieces are as good as a large one. */
export const overhead = 256;
