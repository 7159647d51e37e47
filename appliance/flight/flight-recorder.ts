/**
 * The last minutes of what came in, went out and was decided: written as packets of pcapng into a
 * ring of bytes that are there already, so that an advert costs a copy of itself. Frozen, it is a
 * file that Wireshark opens and that our tests feed to a fresh ensemble.
 */

import {
  after,
  between,
  type Duration,
  type Instant,
  milliseconds,
  minutes,
  seconds,
} from '../values/duration.ts'
import { familyOf, type IpAddress } from '../values/ip-address.ts'
import { authType, passwordSize } from '../vrrp/advert-layout.ts'
import type { EnsembleEffect, EnsembleInput } from '../vrrp/ensemble.ts'
import { type Checkpoint, checkpointText } from '../vrrp/ensemble-checkpoint.ts'
import { RecordingWriter } from '../vrrp/recording.ts'
import {
  type Direction,
  type IpHeader,
  ipHeaderSize,
  machineProtocol,
  protocols,
  putIpHeader,
  putSender,
} from './cooked-frame.ts'
import {
  inputWords,
  markSize,
  mostInPiece,
  peerSaidBytes,
  pieceHeader,
  putMark,
  record,
  timerDueBytes,
} from './machine-record.ts'
import {
  blockSize,
  commentBytes,
  commentSize,
  type Packet,
  PacketBlocks,
  type Put,
  putComment,
} from './packet-block.ts'
import { customOption, exampleEnterprise, sectionBlock } from './pcapng.ts'
import { type RingSize, type Segment, SegmentRing } from './segment-ring.ts'

const [vrrp, udp] = [112, 17]
const udpHeader = 8
const machine = 'machine'
/** Of an Ethernet frame: two addresses and the type. */
const ethernetHeader = 14

/** 4 MiB; six minutes of all but boxes with hundreds of fast routers. */
export const usualSize: RingSize = { segments: 8, segmentBytes: 512 * 1024, span: seconds(45) }
const reach: Duration = minutes(6)

/** What came of an input has room in the segment of the input. */
const aftermath = 64 * 1024
/** Of adverts that were refused, in a second: a flood must not push out what we want to see. */
const mostRefused = 50

export type FlightSite = {
  readonly checkpoint: () => Checkpoint
  /** What must be added to an Instant to get milliseconds since 1970. */
  readonly toUnix: () => number
  readonly indexOf: (name: string) => number
}

type Start = { readonly checkpoint: Checkpoint; readonly toUnix: number }
type Slice = Segment<Start, EnsembleInput>

export type Heard = {
  readonly payload: Uint8Array
  readonly source: IpAddress
  readonly destination: IpAddress
  readonly ttl: number
}

export class FlightRecorder {
  readonly #site: FlightSite
  readonly #ring: SegmentRing<Start, EnsembleInput>
  readonly #blocks: PacketBlocks
  #routers = new Map<string, number>()
  /** The packet that is looked at now: whether it becomes an input is not known yet. */
  #undecided: Put<Slice> | null = null
  #refusedSince: Instant | null = null
  #refused = 0

  constructor(site: FlightSite, size: RingSize = usualSize) {
    this.#site = site
    this.#blocks = new PacketBlocks(site.indexOf)
    this.#ring = new SegmentRing(size, () => {
      const checkpoint = site.checkpoint()
      this.#number(checkpoint.routers.map(({ config }) => config.name))
      return { checkpoint, toUnix: site.toUnix() }
    })
  }

  /** A VRRP packet has come in. `input` follows when it passes all checks, else `refuse`. */
  heard(on: string, packet: Heard, at: Instant): void {
    const put = this.#vrrp(on, 'in', packet, at, 4 + markSize)
    this.#undecided = put
    if (put === null) return
    const { page, options } = put
    page.view.setUint16(options, customOption, true)
    page.view.setUint16(options + 2, markSize, true)
    page.view.setUint32(options + 4, exampleEnterprise, true)
    page.bytes.fill(0, options + 8, options + 4 + markSize)
  }

  refuse(now: Instant): void {
    if (this.#refusedSince === null || between(this.#refusedSince, now) > seconds(1)) {
      this.#refusedSince = now
      this.#refused = 0
    }
    this.#refused += 1
    if (this.#refused > mostRefused && this.#undecided !== null) {
      this.#undecided.page.used = this.#undecided.block
    }
    this.#undecided = null
  }

  said(on: string, packet: Heard, at: Instant): void {
    this.#vrrp(on, 'out', packet, at, 0)
  }

  /** UDP, both ends on one port. */
  datagram(on: string, direction: Direction, packet: Heard & { port: number }, at: Instant): void {
    const { source, destination, payload, ttl, port } = packet
    const length = payload.length + udpHeader
    const ip = { source, destination, protocol: udp, ttl }
    const put = this.#ip(on, direction, ip, length, at, 0)
    if (put === null) return
    const { page, data } = put
    page.view.setUint16(data, port)
    page.view.setUint16(data + 2, port)
    page.view.setUint16(data + 4, length)
    page.view.setUint16(data + 6, 0)
    page.bytes.set(payload, data + udpHeader)
  }

  /** With its Ethernet header. */
  frame(on: string, direction: Direction, frame: Uint8Array, at: Instant): void {
    if (frame.length < ethernetHeader) return
    const protocol = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0)
    const length = frame.length - ethernetHeader
    const put = this.#put({ on, direction, protocol, length, options: 0 }, at)
    if (put === null) return
    const { page, data } = put
    page.bytes.set(frame.subarray(ethernetHeader), data)
    putSender(page.bytes, data, frame.subarray(6, 12))
  }

  /** Before the ensemble hears of it: a segment begins with what was so before its first input. */
  input(input: EnsembleInput): void {
    const { now } = input
    switch (input.input) {
      case 'AdvertReceived': {
        const router = this.#routers.get(input.router)
        if (this.#undecided === null || router === undefined) break
        const { page, options } = this.#undecided
        putMark(page.view, options + 8, { router, secondPath: input.secondPath, now })
        this.#undecided = null
        break
      }
      case 'TimerDue':
        this.#machine(timerDueBytes(now), '', now)
        break
      case 'PeerSaid': {
        const router = this.#routers.get(input.router)
        if (router !== undefined) this.#machine(peerSaidBytes(input, router), '', now)
        break
      }
      default: {
        const segment = this.#machine(Uint8Array.of(record.seldom), inputWords(input), now)
        segment?.beside.push(input)
        if (input.input === 'Configured') this.#number(input.routers.map(({ name }) => name))
      }
    }
  }

  /** At once after `input`. */
  fed(effects: readonly EnsembleEffect[], now: Instant): void {
    for (const effect of effects) {
      if (effect.effect !== 'StateChanged') continue
      const { router, from, to, why } = effect
      const text = JSON.stringify({ router, from, to, why })
      this.#note(record.changed, text, `${router}: ${from} -> ${to}: ${why}`, now)
    }
  }

  /** The file, in parts that are its own. `comment`: what it is about. */
  freeze(application: string, comment: string, now: Instant): readonly Uint8Array[] {
    const segments = this.#ring.since(after(now, milliseconds(-reach)))
    const [first] = segments
    if (first === undefined) return [sectionBlock(application, comment)]
    const { checkpoint } = first.start
    const writer = new RecordingWriter(checkpoint.routers.map(({ config }) => config))
    const seldom = segments.flatMap(({ beside }) => beside)
    const lines = [writer.begin(), ...seldom.map(input => writer.line(input, []))]
    const states = this.#site.checkpoint().routers.map(({ config, state }) => {
      return [config.name, state.kind]
    })
    const parts = [
      ...this.#pieces(record.checkpoint, checkpointText(checkpoint), first.beganAt),
      ...this.#pieces(record.recording, lines.join(''), first.beganAt),
      ...segments.map(({ bytes, used }) => bytes.slice(0, used)),
      ...this.#pieces(record.states, JSON.stringify(Object.fromEntries(states)), now),
    ]
    const interfaces = this.#blocks.descriptions(name =>
      name === machine ? 'what the state machine was told' : '',
    )
    return [sectionBlock(application, comment), ...interfaces, ...parts]
  }

  #number(names: readonly string[]): void {
    this.#routers = new Map(names.map((name, place) => [name, place]))
  }

  #vrrp(on: string, direction: Direction, packet: Heard, at: Instant, options: number) {
    const { source, destination, payload, ttl } = packet
    const ip = { source, destination, protocol: vrrp, ttl }
    const put = this.#ip(on, direction, ip, payload.length, at, options)
    if (put === null) return null
    put.page.bytes.set(payload, put.data)
    blankPassword(put.page.bytes, put.data, payload.length)
    return put
  }

  #ip(
    on: string,
    direction: Direction,
    ip: IpHeader,
    length: number,
    at: Instant,
    options: number,
  ): Put<Slice> | null {
    const header = ipHeaderSize(ip.source)
    const protocol = protocols[familyOf(ip.source)]
    const put = this.#put({ on, direction, protocol, length: header + length, options }, at)
    if (put === null) return null
    putIpHeader(put.page.bytes, put.data, ip, length)
    return { ...put, data: put.data + header }
  }

  #machine(bytes: Uint8Array, words: string, now: Instant): Slice | null {
    const comment = commentBytes(words)
    const put = this.#put(ofMachine(bytes.length, commentSize(comment)), now)
    if (put === null) return null
    put.page.bytes.set(bytes, put.data)
    putComment(put.page, put.options, comment)
    return put.page
  }

  /** In the segment of what it came of, or not at all. */
  #note(kind: number, text: string, words: string, now: Instant): void {
    const segment = this.#ring.current
    const bytes = new Uint8Array([kind, ...new TextEncoder().encode(text)])
    const comment = commentBytes(words)
    const packet = ofMachine(bytes.length, commentSize(comment))
    if (segment === null) return
    if (segment.used + blockSize(packet.length, packet.options) > segment.bytes.length) return
    const { data, options } = this.#blocks.put(segment, packet, now + segment.start.toUnix)
    segment.bytes.set(bytes, data)
    putComment(segment, options, comment)
  }

  /** Outside of the ring, for a file that is frozen now. */
  #pieces(kind: number, text: string, now: Instant): readonly Uint8Array[] {
    const bytes = new TextEncoder().encode(text)
    const pieces: Uint8Array[] = []
    for (let from = 0; from === 0 || from < bytes.length; from += mostInPiece) {
      const some = bytes.subarray(from, from + mostInPiece)
      const packet = ofMachine(pieceHeader + some.length, 0)
      const piece = new Uint8Array(blockSize(packet.length, 0))
      const page = { bytes: piece, view: new DataView(piece.buffer), used: 0 }
      const { data } = this.#blocks.put(page, packet, now + this.#site.toUnix())
      piece[data] = kind
      piece[data + 1] = from + mostInPiece >= bytes.length ? 1 : 0
      piece.set(some, data + pieceHeader)
      pieces.push(piece)
    }
    return pieces
  }

  /** Null: it is longer than a segment. */
  #put(packet: Packet, at: Instant): Put<Slice> | null {
    const size = blockSize(packet.length, packet.options)
    const segment = this.#ring.roomFor(size + aftermath, at)
    if (segment.used + size > segment.bytes.length) return null
    return this.#blocks.put(segment, packet, at + segment.start.toUnix)
  }
}

const ofMachine = (length: number, options: number): Packet => ({
  on: machine,
  direction: 'in',
  protocol: machineProtocol,
  length,
  options,
})

/** The password of v2 stands in clear in every advert; everybody on the wire may read it there. */
function blankPassword(bytes: Uint8Array, at: number, length: number): void {
  const version = (bytes[at] ?? 0) >> 4
  if (version !== 2 || bytes[at + 4] !== authType.password || length < 8 + passwordSize) return
  bytes.fill(0, at + 8 + 4 * (bytes[at + 3] ?? 0), at + length)
}
