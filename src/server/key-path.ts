/** Where one-time keys are used, relative to `paths.base`. */
export const keyPath = '/_/connect/';
