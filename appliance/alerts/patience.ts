/** A server that does not answer for so long, in milliseconds, has failed; it is tried again. */
export const patience = 15_000
