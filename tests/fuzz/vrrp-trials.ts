/**
 * Packets that a hostile or broken neighbour might send, and the routers that they are sent to.
 * Trial N of a seed is always the same, whatever trials there were before it.
 */

import { addressBytes, type IpAddress, ipAddress } from '../../appliance/values/ip-address.ts'
import { checksumAt, headerSize, putUint16, uint8 } from '../../appliance/vrrp/advert-layout.ts'
import { type AdvertPacket, parseIpv4Packet } from '../../appliance/vrrp/advert-packet.ts'
import { checksumOf, pseudoHeaderSum, wordSum } from '../../appliance/vrrp/checksum.ts'
import { type Accepted, decodeAdvert } from '../../appliance/vrrp/decode.ts'
import { type Expectations, expectationsOf } from '../../appliance/vrrp/expectations.ts'
import { stampAt } from '../../appliance/vrrp/hmac-sequence.ts'
import { sign, trailerSize } from '../../appliance/vrrp/hmac-trailer.ts'
import type { Rejected } from '../../appliance/vrrp/rejection.ts'
import { draftFor, ipv4PacketOf, payloadOf } from '../unit/vrrp-codec-drafts.ts'
import { type RouterName, routers } from '../unit/vrrp-codec-rungs.ts'
import { hmacSha256, keyOne, noon, self, witness } from '../unit/vrrp-codec-words.ts'
import { Random } from './random.ts'

export type Trial = {
  readonly router: RouterName
  readonly expected: Expectations
  /** As the socket delivered it: with the IP header for IPv4. */
  readonly bytes: Uint8Array
  /** Null when the IP header was refused already. */
  readonly packet: AdvertPacket | null
  readonly decoded: Accepted | Rejected
}

/** A right packet to begin with, and whom it is for. */
type Sample = {
  readonly router: RouterName
  readonly expected: Expectations
  readonly bytes: Uint8Array
  /** Where the advert begins. */
  readonly payloadAt: number
  readonly source: IpAddress
  readonly destination: IpAddress
}

const samples: readonly Sample[] = (Object.keys(routers) as RouterName[]).map(router => {
  const config = routers[router]
  const draft = draftFor(config)
  const four = config.family === 'inet'
  return {
    router,
    expected: expectationsOf(config, self[config.family]),
    bytes: four ? ipv4PacketOf(draft) : payloadOf(draft),
    payloadAt: four ? 20 : 0,
    source: ipAddress(draft.source),
    destination: ipAddress(draft.destination),
  }
})

export function trial(seed: number, index: number): Trial {
  const random = new Random(seed ^ Math.imul(index, 0x9e3779b1))
  const sample = random.oneOf(samples)
  const bytes = random.chance(5)
    ? random.bytes(random.below(100))
    : mended(random, sample, mutated(random, sample.bytes))
  return receive(random, sample, bytes)
}

function receive(random: Random, sample: Sample, bytes: Uint8Array): Trial {
  const { router, expected } = sample
  if (expected.family === 'inet') {
    const parsed = parseIpv4Packet(bytes)
    if (parsed.kind === 'rejected')
      return { router, expected, bytes, packet: null, decoded: parsed }
    const { packet } = parsed
    return { router, expected, bytes, packet, decoded: decodeAdvert(packet, expected, witness) }
  }
  const packet: AdvertPacket = {
    payload: bytes,
    source: random.chance(95) ? sample.source : random.oneOf(strangers),
    destination: random.chance(95) ? sample.destination : random.oneOf(strangers),
    ttl: random.chance(95) ? 255 : random.oneOf([0, 1, 64, 254, null]),
  }
  return { router, expected, bytes, packet, decoded: decodeAdvert(packet, expected, witness) }
}

const neighbours = ['192.0.2.2', '192.0.2.3', '224.0.0.18', '224.0.0.19'].map(ipAddress)
const strangers = ['2001:db8::1', 'ff02::13', 'fe80::2', '::', 'ff02::12'].map(ipAddress)

const telling = [0, 1, 2, 3, 4, 7, 8, 15, 16, 51, 112, 127, 128, 224, 254, 255]

function mutated(random: Random, original: Uint8Array): Uint8Array {
  let bytes = Uint8Array.from(original)
  for (let left = random.below(4); left > 0; left--) bytes = mutatedOnce(random, bytes)
  return bytes
}

function mutatedOnce(random: Random, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.length === 0) return bytes
  const at = random.below(bytes.length + 1)
  switch (random.below(7)) {
    case 0:
      return bytes.with(Math.min(at, bytes.length - 1), random.oneOf(telling))
    case 1:
      return bytes.map((byte, index) => (index === at ? byte ^ (1 << random.below(8)) : byte))
    case 2:
      return bytes.slice(0, at)
    case 3:
      return Uint8Array.from([...bytes, ...random.bytes(random.oneOf([1, 2, 4, 6, 8, 14, 16, 28]))])
    case 4: {
      const moved = bytes.slice()
      moved.copyWithin(random.below(bytes.length + 1), at)
      return moved
    }
    case 5:
      // The fixed fields of the advert, which say what all the rest means.
      return bytes.map((byte, index) =>
        index === bytes.length - 1 - at && at < headerSize ? random.below(256) : byte,
      )
    default:
      return Uint8Array.from([...bytes.slice(0, at), ...random.bytes(4), ...bytes.slice(at)])
  }
}

/** Half of them get a right checksum again, and some a right signature: only those get further. */
function mended(random: Random, sample: Sample, bytes: Uint8Array): Uint8Array {
  const payload = bytes.subarray(sample.payloadAt)
  if (random.chance(40) || payload.length < headerSize) return bytes
  const { expected, source, destination } = sample
  const six = expected.family === 'inet6'
  if (!six && random.chance(90)) putUint16(bytes, 2, bytes.length)
  if (!six && random.chance(5)) {
    bytes.set(addressBytes(random.oneOf(neighbours)), random.oneOf([12, 16]))
  }
  const count = uint8(payload, 3)
  const size = headerSize + count * (six ? 16 : 4) + (expected.version === 2 ? 8 : 0)
  if (payload.length === size + trailerSize && random.chance(50)) {
    const { version, vrid } = expected
    const stamp = stampAt(noon)
    sign(payload, size, { version, vrid, source }, { key: keyOne, stamp, hmac: hmacSha256 })
  }
  // Also of one that is cut off, as if zeros followed: nobody may take it for that.
  const summed = six ? payload.length : size
  const pseudo = six || (expected.version === 3 && random.chance(50))
  putUint16(payload, checksumAt, 0)
  const head = pseudo ? pseudoHeaderSum(source, destination, summed) : 0
  putUint16(payload, checksumAt, checksumOf(wordSum(payload, summed) + head))
  return bytes
}
