/** Time is an input and a deadline is an output, so both have types that no bare number fits. */

/** A length of time in milliseconds. May be fractional: a VRRPv3 skew can be 78 microseconds. */
export type Duration = number & { readonly unit: 'ms' }

/** A point on the monotonic clock in milliseconds. Only differences between two mean anything. */
export type Instant = number & { readonly clock: 'monotonic' }

export const milliseconds = (n: number): Duration => n as Duration
export const seconds = (n: number): Duration => (n * 1000) as Duration
export const minutes = (n: number): Duration => (n * 60_000) as Duration

export const instant = (n: number): Instant => n as Instant
export const after = (start: Instant, wait: Duration): Instant => (start + wait) as Instant
export const between = (start: Instant, end: Instant): Duration => (end - start) as Duration
