/**
 * A heartbeat as bytes, big-endian, in one UDP datagram. A box with more routers than fit sends
 * several, each of which stands alone.
 *
 *   0              8              16             24             32
 *   | 'D'          | 'H'          | version, 1   | routers, n   |
 *   | boot                                    48 bits           |
 *   |                             | sequence        48 bits     |
 *   |                                                           |
 *   | accepted boot of the peer               48 bits           |
 *   |                             | candidate       48 bits     |
 *   |                                                           |
 *   | interval, ms                | missed       | 1: hears     |
 *   | n times 28 bytes: mark (4), state, priority, flags (1: owns, 2: IPv6), 0,
 *   |   age in ms (4), address (16, IPv4 in the first 4)        |
 *   | 32 bytes of HMAC-SHA-256 over all before                  |
 */

import { type Duration, milliseconds } from '../values/duration.ts'
import { addressBytes, type IpAddress, ipAddressFrom } from '../values/ip-address.ts'
import type { HmacSha256 } from '../vrrp/advert.ts'
import { putUint16, putUint32, uint8, uint16, uint32 } from '../vrrp/advert-layout.ts'
import type { RouterState } from '../vrrp/router-state.ts'
import type { GuardConfig } from './guard-config.ts'
import type { Heartbeat, SaidRouter } from './heartbeat.ts'

const magic = 0x4448
const version = 1
const headerSize = 32
const routerSize = 28
const signatureSize = 32

/** So that it fits into the smallest datagram that any Ethernet carries whole. */
export const mostRouters = 48

/** Of the packets that say so many routers. */
export function heartbeatSizes(routers: number): readonly number[] {
  const count = Math.max(1, Math.ceil(routers / mostRouters))
  return Array.from({ length: count }, (_, index) => {
    const here = Math.min(mostRouters, routers - index * mostRouters)
    return headerSize + here * routerSize + signatureSize
  })
}

const states: readonly RouterState['kind'][] = ['initialize', 'backup', 'master', 'fault']

/** The rungs of the ladder, in their order. */
export type HeartbeatFault =
  | 'too-short'
  | 'not-a-heartbeat'
  | 'wrong-version'
  | 'wrong-length'
  | 'wrong-signature'
  | 'nonsense'

export type DecodedHeartbeat =
  | { readonly kind: 'heartbeat'; readonly heartbeat: Heartbeat }
  | { readonly kind: 'rejected'; readonly reason: HeartbeatFault }

export function encodeHeartbeat(
  { boot, sequence, accepted, candidate, interval, missed, hears, routers }: Heartbeat,
  secret: Uint8Array,
  hmac: HmacSha256,
): Uint8Array {
  const size = headerSize + routers.length * routerSize
  const bytes = new Uint8Array(size + signatureSize)
  putUint16(bytes, 0, magic)
  bytes[2] = version
  bytes[3] = routers.length
  putUint48(bytes, 4, boot)
  putUint48(bytes, 10, sequence)
  putUint48(bytes, 16, accepted)
  putUint48(bytes, 22, candidate)
  putUint16(bytes, 28, Math.ceil(interval))
  bytes[30] = missed
  bytes[31] = hears ? 1 : 0
  for (const [index, router] of routers.entries()) {
    putRouter(bytes, headerSize + index * routerSize, router)
  }
  bytes.set(hmac(secret, bytes.subarray(0, size)), size)
  return bytes
}

function putRouter(bytes: Uint8Array, at: number, router: SaidRouter): void {
  const { mark, state, priority, owns, age, address } = router
  putUint32(bytes, at, mark)
  bytes[at + 4] = states.indexOf(state)
  bytes[at + 5] = priority
  const inet6 = address?.includes(':') ?? false
  bytes[at + 6] = (owns ? 1 : 0) + (inet6 ? 2 : 0)
  putUint32(bytes, at + 8, Math.min(Math.max(0, Math.floor(age)), 0xffff_ffff))
  if (address !== null) bytes.set(addressBytes(address), at + 12)
}

/** Any bytes may come in: never throws. */
export function decodeHeartbeat(
  bytes: Uint8Array,
  { secret, otherSecret }: Pick<GuardConfig, 'secret' | 'otherSecret'>,
  hmac: HmacSha256,
): DecodedHeartbeat {
  if (bytes.length < headerSize + signatureSize) return rejected('too-short')
  if (uint16(bytes, 0) !== magic) return rejected('not-a-heartbeat')
  if (bytes[2] !== version) return rejected('wrong-version')
  const count = uint8(bytes, 3)
  const size = headerSize + count * routerSize
  if (bytes.length !== size + signatureSize) return rejected('wrong-length')
  const isSignedWith = (key: Uint8Array): boolean =>
    isEqual(hmac(key, bytes.subarray(0, size)), bytes.subarray(size))
  const isSigned = isSignedWith(secret) || (otherSecret !== undefined && isSignedWith(otherSecret))
  if (!isSigned) return rejected('wrong-signature')
  const routers: SaidRouter[] = []
  for (let index = 0; index < count; index++) {
    const router = routerAt(bytes, headerSize + index * routerSize)
    if (router === null) return rejected('nonsense')
    routers.push(router)
  }
  const interval = milliseconds(uint16(bytes, 28))
  const missed = uint8(bytes, 30)
  if (interval === 0 || missed === 0) return rejected('nonsense')
  const heartbeat: Heartbeat = {
    boot: uint48(bytes, 4),
    sequence: uint48(bytes, 10),
    accepted: uint48(bytes, 16),
    candidate: uint48(bytes, 22),
    interval,
    missed,
    hears: (uint8(bytes, 31) & 1) === 1,
    routers,
  }
  return heartbeat.boot === 0 ? rejected('nonsense') : { kind: 'heartbeat', heartbeat }
}

function routerAt(bytes: Uint8Array, at: number): SaidRouter | null {
  const state = states[uint8(bytes, at + 4)]
  if (state === undefined) return null
  const flags = uint8(bytes, at + 6)
  return {
    mark: uint32(bytes, at),
    state,
    priority: uint8(bytes, at + 5),
    owns: (flags & 1) === 1,
    age: milliseconds(uint32(bytes, at + 8)) as Duration,
    address: addressAt(bytes, at + 12, (flags & 2) === 2),
  }
}

/** All zeros: none. */
function addressAt(bytes: Uint8Array, at: number, inet6: boolean): IpAddress | null {
  const written = bytes.slice(at, at + (inet6 ? 16 : 4))
  return written.some(byte => byte !== 0) ? ipAddressFrom(written) : null
}

const rejected = (reason: HeartbeatFault): DecodedHeartbeat => ({ kind: 'rejected', reason })

export function putUint48(bytes: Uint8Array, at: number, value: number): void {
  putUint16(bytes, at, Math.floor(value / 0x1_0000_0000))
  putUint32(bytes, at + 2, value % 0x1_0000_0000)
}

export const uint48 = (bytes: Uint8Array, at: number): number =>
  uint16(bytes, at) * 0x1_0000_0000 + uint32(bytes, at + 2)

/** In the same time wherever they differ, so that the time tells nothing about the signature. */
export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let at = 0; at < a.length; at++) difference |= uint8(a, at) ^ uint8(b, at)
  return difference === 0
}
