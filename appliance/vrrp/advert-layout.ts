/**
 * An advert as bytes, after the IP header. Everything is big-endian.
 *
 *   0       4       8              16             24             32
 *   | version | type | VRID         | priority     | addresses, n |
 *   | v2: auth type  | seconds      | checksum                    |   RFC 3768 5.1
 *   | v3: 0 | interval, 1/100 s     | checksum                    |   RFC 9568 5.1
 *   | n addresses, 4 or 16 bytes each                             |
 *   | v2: 8 bytes of password or zeros                            |
 *   | 28 bytes of HMAC trailer, if both ends agreed on it: see hmac-trailer.ts
 */

import { addressSize, type Family, ipAddress } from '../values/ip-address.ts'

export const protocolNumber = 112

/** RFC 9568 5.1.1.2 and 5.1.2.2. */
export const usualGroup = {
  inet: ipAddress('224.0.0.18'),
  inet6: ipAddress('ff02::12'),
} as const

export const advertisement = 1

export const headerSize = 8
export const checksumAt = 6
export const passwordSize = 8

/** RFC 3768 5.3.6 knows only the first; the others are of RFC 2338. */
export const authType = { none: 0, password: 1, ipsecAh: 2 } as const

/** Without a trailer. */
export const advertSize = (version: 2 | 3, family: Family, addresses: number): number =>
  headerSize + addresses * addressSize(family) + (version === 2 ? passwordSize : 0)

/** Whom a packet is for, before anything of it has been checked; null when it ends earlier. */
export const vridOf = (payload: Uint8Array): number | null => payload[1] ?? null

/** RFC 2338 5.3.10: eight bytes, filled up with zeros. */
export function passwordBytes(password: string): Uint8Array {
  const bytes = new Uint8Array(passwordSize)
  bytes.set(new TextEncoder().encode(password).subarray(0, passwordSize))
  return bytes
}

export const uint8 = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0

export const uint16 = (bytes: Uint8Array, at: number): number =>
  (uint8(bytes, at) << 8) | uint8(bytes, at + 1)

export const uint32 = (bytes: Uint8Array, at: number): number =>
  uint16(bytes, at) * 0x10000 + uint16(bytes, at + 2)

export function putUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8
  bytes[at + 1] = value
}

export function putUint32(bytes: Uint8Array, at: number, value: number): void {
  putUint16(bytes, at, value >>> 16)
  putUint16(bytes, at + 2, value & 0xffff)
}
