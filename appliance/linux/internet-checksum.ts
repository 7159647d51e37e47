/** RFC 1071: the complement of the ones' complement sum; an odd last byte is padded with a zero. */
export function internetChecksum(bytes: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
