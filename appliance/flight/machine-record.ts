/**
 * What the state machine was told, and what became of it, as packets of the interface `machine`:
 *
 *   1  checkpoint   in pieces: how everything was when the flight begins
 *   2  recording    in pieces: the inputs that come seldom, as vrrp/recording.ts writes them
 *   3  the next of those inputs came here
 *   4  PeerSaid     flags, router (2), priority, 0 (3), now (8), holds (8), address (0, 4 or 16)
 *   5  TimerDue     0 (7), now (8)
 *   6  a router is in another state: JSON
 *   7  the states at the end: JSON
 *
 * An advert is in the packet itself: the custom option of a packet that passed every check says of
 * which router it became an input, and when.
 *
 *   | enterprise (4) | kind | second path | router (2) | now (8) |
 *
 * A router is its place in the configuration, counted from 0.
 */

import { type Instant, instant, milliseconds } from '../values/duration.ts'
import { addressBytes, ipAddressFrom } from '../values/ip-address.ts'
import type { EnsembleInput } from '../vrrp/ensemble.ts'
import type { PeerWord } from '../vrrp/router-state.ts'

export const record = {
  checkpoint: 1,
  recording: 2,
  seldom: 3,
  peerSaid: 4,
  timerDue: 5,
  changed: 6,
  states: 7,
} as const

/** Of a record that may need several packets: its kind, 1 if it is the last piece, text. */
export const pieceHeader = 2
/** libpcap refuses packets above 256 KiB. */
export const mostInPiece = 32 * 1024

const flag = { leads: 1, deaf: 2, hasAddress: 4 } as const
export const timerDueSize = 16
const nowAt = 8

export function timerDueBytes(now: Instant): Uint8Array {
  const bytes = new Uint8Array(timerDueSize)
  bytes[0] = record.timerDue
  new DataView(bytes.buffer).setFloat64(nowAt, now, true)
  return bytes
}

export type PeerSaid = EnsembleInput & { readonly input: 'PeerSaid' }

export function peerSaidBytes({ word, now }: PeerSaid, router: number): Uint8Array {
  const address = word.address === null ? new Uint8Array() : addressBytes(word.address)
  const bytes = new Uint8Array(nowAt + 16 + address.length)
  const view = new DataView(bytes.buffer)
  bytes[0] = record.peerSaid
  bytes[1] =
    (word.says === 'leads' ? flag.leads : 0) |
    (word.says === 'leads' && word.deaf ? flag.deaf : 0) |
    (word.address === null ? 0 : flag.hasAddress)
  view.setUint16(2, router, true)
  if (word.says === 'leads') {
    bytes[4] = word.priority
    view.setFloat64(nowAt + 8, word.holds, true)
  }
  view.setFloat64(nowAt, now, true)
  bytes.set(address, nowAt + 16)
  return bytes
}

export const routerOfPeerSaid = (bytes: Uint8Array): number =>
  (bytes[2] ?? 0) | ((bytes[3] ?? 0) << 8)

export function readPeerSaid(bytes: Uint8Array, router: string): EnsembleInput {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const flags = bytes[1] ?? 0
  const hasAddress = (flags & flag.hasAddress) !== 0
  const address = hasAddress ? ipAddressFrom(bytes.subarray(nowAt + 16)) : null
  const word: PeerWord =
    (flags & flag.leads) !== 0 && address !== null
      ? {
          says: 'leads',
          priority: bytes[4] ?? 0,
          address,
          holds: milliseconds(view.getFloat64(nowAt + 8, true)),
          deaf: (flags & flag.deaf) !== 0,
        }
      : { says: 'released', address }
  return { input: 'PeerSaid', router, word, now: instant(view.getFloat64(nowAt, true)) }
}

export const readTimerDue = (bytes: Uint8Array): EnsembleInput => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return { input: 'TimerDue', now: instant(view.getFloat64(nowAt, true)) }
}

/** What an accepted advert was to the state machine. */
export type AdvertMark = {
  readonly router: number
  readonly secondPath: boolean
  readonly now: Instant
}

export const markSize = 16
const advertKind = 1

/** Behind the number of the enterprise. */
export function putMark(view: DataView, at: number, { router, secondPath, now }: AdvertMark): void {
  view.setUint8(at, advertKind)
  view.setUint8(at + 1, secondPath ? 1 : 0)
  view.setUint16(at + 2, router, true)
  view.setFloat64(at + 4, now, true)
}

/** Null: no router took it. */
export function readMark(value: Uint8Array): AdvertMark | null {
  const view = new DataView(value.buffer, value.byteOffset, value.length)
  if (value.length < markSize || view.getUint8(4) !== advertKind) return null
  return {
    router: view.getUint16(6, true),
    secondPath: view.getUint8(5) === 1,
    now: instant(view.getFloat64(8, true)),
  }
}

/** For people, where it is more than its name. */
export function inputWords(input: EnsembleInput): string {
  switch (input.input) {
    case 'Configured':
      return `configured: ${input.routers.map(({ name }) => name).join(', ') || 'no router'}`
    case 'InterfacesSeen':
      return `interfaces: ${list([...input.interfaces], ({ down }) => down ?? 'up')}`
    case 'TrackersReported':
      return `trackers: ${list([...input.verdicts], ({ state }) => state)}`
    case 'Impeded':
      return `the kernel lacks: ${list([...input.impediments], why => why)}`
    case 'MaintenanceSet':
      return input.why === null ? 'maintenance is off' : `maintenance: ${input.why}`
    case 'FailoverRequested':
      return `a failover of ${input.router ?? 'all routers'} was asked for`
    case 'StopRequested':
      return `vrrpd is to stop: ${input.why}`
    case 'Paused':
      return `the box stood still for ${(input.lost / 1000).toFixed(1)} s`
    case 'PeerDoubted':
      return 'the direct link to the other box is dead'
    case 'Guarded':
      return `the guard: ${input.restraint ?? 'this box may lead'}`
    case 'TakeoverHeld':
      return `takeovers: ${input.why === null ? 'not held back' : `held back, ${input.why}`}`
    default:
      return input.input
  }
}

const list = <T>(pairs: readonly (readonly [string, T])[], words: (value: T) => string): string =>
  pairs.map(([name, value]) => `${name} ${words(value)}`).join(', ') || 'none'
