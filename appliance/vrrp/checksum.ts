/** The checksum of RFC 1071: the complement of the ones' complement sum of 16-bit words. */

import { addressBytes, type IpAddress } from '../values/ip-address.ts'
import { protocolNumber, uint16 } from './advert-layout.ts'

/** Not folded yet, so that sums can be added. */
export function wordSum(bytes: Uint8Array, length: number): number {
  let sum = 0
  for (let at = 0; at < length; at += 2) sum += uint16(bytes, at)
  return sum
}

/**
 * Source, destination, length, protocol. Those of IPv4 and IPv6 (RFC 8200 8.1) differ in the width
 * of the last two, which makes no difference to the sum.
 */
export function pseudoHeaderSum(source: IpAddress, destination: IpAddress, length: number): number {
  const [from, to] = [addressBytes(source), addressBytes(destination)]
  return wordSum(from, from.length) + wordSum(to, to.length) + length + protocolNumber
}

const fold = (sum: number): number => {
  let folded = sum
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16)
  return folded
}

/** Of a sum in which the checksum's own field counted as zero. */
export const checksumOf = (sum: number): number => 0xffff - fold(sum)

/** Of a sum that includes the checksum. */
export const isRight = (sum: number): boolean => fold(sum) === 0xffff
