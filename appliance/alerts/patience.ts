/** A server that does not answer for so long, in milliseconds, has failed; it is tried again. */
export const patience = 15_000
/** Who goes on answering a byte at a time has failed too. */
export const longestDelivery = 30_000
