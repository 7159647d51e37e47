/** A flight as a file, read again: for people, and for a fresh ensemble. */

import type { Instant } from '../values/duration.ts'
import { type IpAddress, ipAddressFrom } from '../values/ip-address.ts'
import { readAdvert } from '../vrrp/decode.ts'
import type { EnsembleInput } from '../vrrp/ensemble.ts'
import { type Checkpoint, readCheckpoint } from '../vrrp/ensemble-checkpoint.ts'
import { readRecording } from '../vrrp/recording.ts'
import type { RouterState } from '../vrrp/router-state.ts'
import { cookedSize, type Direction, machineProtocol, protocols } from './cooked-frame.ts'
import {
  type AdvertMark,
  pieceHeader,
  readMark,
  readPeerSaid,
  readTimerDue,
  record,
  routerOfPeerSaid,
} from './machine-record.ts'
import {
  customOption,
  enhancedPacket,
  interfaceDescription,
  option,
  packetHeaderSize,
  readBlocks,
  readOptions,
} from './pcapng.ts'

export type FlightPacket = {
  readonly on: string
  readonly direction: Direction
  /** Milliseconds since 1970. */
  readonly at: number
  readonly protocol: number
  readonly data: Uint8Array
  readonly comment: string
  readonly mark: AdvertMark | null
}

export type ChangeSeen = {
  readonly router: string
  readonly from: RouterState['kind']
  readonly to: RouterState['kind']
  readonly why: string
}

export type Flight = {
  readonly comment: string
  readonly packets: readonly FlightPacket[]
  /** Null: nothing can be replayed. */
  readonly checkpoint: Checkpoint | null
  readonly inputs: readonly EnsembleInput[]
  readonly changes: readonly ChangeSeen[]
  /** By router, at the end. */
  readonly states: Readonly<Record<string, RouterState['kind']>>
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** Null: it is none. */
export function readFlight(bytes: Uint8Array): Flight | null {
  const blocks = readBlocks(bytes)
  if (blocks === null) return null
  const names: string[] = []
  const packets: FlightPacket[] = []
  for (const { type, body } of blocks) {
    if (type === interfaceDescription) {
      const name = readOptions(body, 8).find(({ code }) => code === option.name)
      names.push(name === undefined ? '' : text(name.value))
    }
    if (type === enhancedPacket) packets.push(packetOf(body, names))
  }
  const comment = readOptions(blocks[0]?.body ?? bytes, 16).find(o => o.code === option.comment)
  return {
    comment: comment === undefined ? '' : text(comment.value),
    packets: packets.filter(packet => !isPiece(packet)),
    ...machineOf(packets),
  }
}

function packetOf(body: Uint8Array, names: readonly string[]): FlightPacket {
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  // From here on the block's type and length count no more.
  const captured = view.getUint32(12, true)
  const frame = body.subarray(packetHeaderSize - 8, packetHeaderSize - 8 + captured)
  const options = readOptions(body, packetHeaderSize - 8 + ((captured + 3) & ~3))
  const comment = options.find(({ code }) => code === option.comment)
  const custom = options.find(({ code }) => code === customOption)
  return {
    on: names[view.getUint32(0, true)] ?? '',
    direction: frame[10] === 4 ? 'out' : 'in',
    at: (view.getUint32(4, true) * 2 ** 32 + view.getUint32(8, true)) / 1e6,
    protocol: ((frame[0] ?? 0) << 8) | (frame[1] ?? 0),
    data: frame.subarray(cookedSize),
    comment: comment === undefined ? '' : text(comment.value),
    mark: custom === undefined ? null : readMark(custom.value),
  }
}

const isMachine = ({ protocol }: FlightPacket): boolean => protocol === machineProtocol

const pieces: ReadonlySet<number> = new Set([record.checkpoint, record.recording, record.states])
const isPiece = (packet: FlightPacket): boolean =>
  isMachine(packet) && pieces.has(packet.data[0] ?? 0)

const piecesOf = (packets: readonly FlightPacket[], kind: number): string => {
  const found = packets.filter(packet => isMachine(packet) && packet.data[0] === kind)
  return text(joined(found.map(({ data }) => data.subarray(pieceHeader))))
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function machineOf(
  packets: readonly FlightPacket[],
): Pick<Flight, 'checkpoint' | 'inputs' | 'changes' | 'states'> {
  const checkpoint = readCheckpoint(piecesOf(packets, record.checkpoint))
  const configured = checkpoint?.routers.map(({ config }) => config) ?? []
  const recording = readRecording(piecesOf(packets, record.recording), configured)
  const seldom = recording.kind === 'recording' ? recording.steps : []
  const inputs: EnsembleInput[] = []
  const changes: ChangeSeen[] = []
  let names = configured.map(({ name }) => name)
  let next = 0
  for (const packet of packets) {
    const { data, mark } = packet
    if (mark !== null) {
      const advert = advertIn(packet, mark, names[mark.router] ?? '')
      if (advert !== null) inputs.push(advert)
    }
    if (!isMachine(packet)) continue
    switch (data[0]) {
      case record.timerDue:
        inputs.push(readTimerDue(data))
        break
      case record.peerSaid:
        inputs.push(readPeerSaid(data, names[routerOfPeerSaid(data)] ?? ''))
        break
      case record.changed:
        changes.push(JSON.parse(text(data.subarray(1))) as ChangeSeen)
        break
      case record.seldom: {
        const input = seldom[next++]?.input
        if (input === undefined) break
        if (input.input === 'Configured') names = input.routers.map(({ name }) => name)
        inputs.push(input)
        break
      }
    }
  }
  const states = piecesOf(packets, record.states)
  return { checkpoint, inputs, changes, states: states === '' ? {} : JSON.parse(states) }
}

export type IpPacket = {
  readonly source: IpAddress
  readonly destination: IpAddress
  readonly protocol: number
  readonly payload: Uint8Array
}

/** As cooked-frame.ts has made it: without options or extensions. */
export function ipIn({ protocol, data }: FlightPacket): IpPacket | null {
  if (protocol === protocols.inet && data.length >= 20) {
    const [source, destination] = [data.subarray(12, 16), data.subarray(16, 20)].map(ipAddressFrom)
    if (source === undefined || destination === undefined) return null
    return { source, destination, protocol: data[9] ?? 0, payload: data.subarray(20) }
  }
  if (protocol === protocols.inet6 && data.length >= 40) {
    const [source, destination] = [data.subarray(8, 24), data.subarray(24, 40)].map(ipAddressFrom)
    if (source === undefined || destination === undefined) return null
    return { source, destination, protocol: data[6] ?? 0, payload: data.subarray(40) }
  }
  return null
}

function advertIn(
  packet: FlightPacket,
  { secondPath, now }: AdvertMark,
  router: string,
): EnsembleInput | null {
  const ip = ipIn(packet)
  if (ip === null) return null
  const family = packet.protocol === protocols.inet ? 'inet' : 'inet6'
  const advert = readAdvert(ip.payload, family)
  const at: Instant = now
  return { input: 'AdvertReceived', router, advert, source: ip.source, secondPath, now: at }
}
