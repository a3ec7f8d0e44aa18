/** For `using`; also where a build has to emulate it, since browsers have it for a year or less. */
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');
