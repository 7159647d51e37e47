import { type Duration, milliseconds } from '../values/duration.ts'

/**
 * BFD control packets without authentication (RFC 5880 4.1)
 *
 *      0                   1                   2                   3
 *     |Vers |  Diag   |Sta|P|F|C|A|D|M|  Detect Mult  |    Length     |
 *     |                       My Discriminator                        |
 *     |                      Your Discriminator                       |
 *     |                    Desired Min TX Interval                    |   microseconds
 *     |                   Required Min RX Interval                    |
 *     |                 Required Min Echo RX Interval                 |
 */
export type BfdPacket = {
  readonly diagnostic: number
  readonly state: BfdState
  readonly poll: boolean
  readonly final: boolean
  readonly multiplier: number
  readonly myDiscriminator: number
  readonly yourDiscriminator: number
  readonly minTransmit: Duration
  readonly minReceive: Duration
}

/** In the order of their numbers. */
const states = ['admin-down', 'down', 'init', 'up'] as const
export type BfdState = (typeof states)[number]

const version = 1
const size = 24
const flags = { poll: 0x20, final: 0x10, authentication: 0x04, multipoint: 0x01 }

export function encodeBfd(packet: BfdPacket): Uint8Array {
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  bytes[0] = (version << 5) | packet.diagnostic
  bytes[1] =
    (states.indexOf(packet.state) << 6) |
    (packet.poll ? flags.poll : 0) |
    (packet.final ? flags.final : 0)
  bytes[2] = packet.multiplier
  bytes[3] = size
  view.setUint32(4, packet.myDiscriminator)
  view.setUint32(8, packet.yourDiscriminator)
  view.setUint32(12, microseconds(packet.minTransmit))
  view.setUint32(16, microseconds(packet.minReceive))
  // The last one stays 0: no echoes.
  return bytes
}

const microseconds = (time: Duration): number => Math.min(Math.round(time * 1000), 0xffff_ffff)

/** Each is a rule of RFC 5880 6.8.6, in its order. */
export type BfdRefusal =
  | 'truncated'
  | 'wrong-version'
  | 'wrong-length'
  | 'no-multiplier'
  | 'multipoint'
  | 'no-discriminator'
  | 'no-session'
  | 'authenticated'

export function decodeBfd(bytes: Uint8Array): BfdPacket | BfdRefusal {
  const [first = 0, second = 0, multiplier = 0, length = 0] = bytes
  if (bytes.length < size) return 'truncated'
  if (first >> 5 !== version) return 'wrong-version'
  const authenticated = (second & flags.authentication) !== 0
  if (length < size + (authenticated ? 2 : 0) || length > bytes.length) return 'wrong-length'
  if (multiplier === 0) return 'no-multiplier'
  if ((second & flags.multipoint) !== 0) return 'multipoint'
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const [myDiscriminator, yourDiscriminator] = [view.getUint32(4), view.getUint32(8)]
  if (myDiscriminator === 0) return 'no-discriminator'
  const state = states[second >> 6] ?? 'admin-down'
  if (yourDiscriminator === 0 && (state === 'init' || state === 'up')) return 'no-session'
  if (authenticated) return 'authenticated'
  return {
    diagnostic: first & 0x1f,
    state,
    poll: (second & flags.poll) !== 0,
    final: (second & flags.final) !== 0,
    multiplier,
    myDiscriminator,
    yourDiscriminator,
    minTransmit: milliseconds(view.getUint32(12) / 1000),
    minReceive: milliseconds(view.getUint32(16) / 1000),
  }
}
