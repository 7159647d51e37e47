/**
 * What the wall clock shows, in milliseconds since 1970. It jumps when somebody sets it, so it says
 * when something was, and never how long something takes: that is `Instant`.
 */
export type UnixTime = number & { readonly since: 1970 }

export const unixTime = (n: number): UnixTime => n as UnixTime
