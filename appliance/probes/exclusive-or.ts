/** The second is repeated as far as the first one is long; it must not be empty. */
export const exclusiveOr = (left: Uint8Array, right: Uint8Array): Buffer =>
  Buffer.from(left.map((byte, index) => byte ^ (right[index % right.length] ?? 0)))
