/** What was done at once: one promise for all, by which whoever would have to wait can tell that there is nothing to wait for. */
export const settled: Promise<void> = Promise.resolve();
