/** Milliseconds: VRRPv3 on both products. */
export const interval = 100

/** RFC 9568 6.1, of the second box: three intervals, and the skew of priority 100. */
export const failoverInterval = 3 * interval + (156 / 256) * interval
