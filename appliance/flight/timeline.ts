/** A flight as lines for people: what repeats is one line, as long as no router changes. */

import { familyOf, ipAddressFrom } from '../values/ip-address.ts'
import { protocolNumber } from '../vrrp/advert-layout.ts'
import { readAdvert } from '../vrrp/decode.ts'
import { machineProtocol } from './cooked-frame.ts'
import { type FlightPacket, ipIn } from './flight-reader.ts'
import { record } from './machine-record.ts'

export type TimelineLine = {
  /** Milliseconds since 1970: of the first and the last of them. */
  readonly at: number
  readonly until: number
  readonly times: number
  readonly on: string
  readonly direction: 'in' | 'out' | null
  readonly text: string
  /** A router is in another state. */
  readonly isChange: boolean
}

const arp = 0x0806

export function timelineOf(packets: readonly FlightPacket[]): readonly TimelineLine[] {
  const lines: TimelineLine[] = []
  let open = new Map<string, number>()
  for (const packet of packets) {
    const text = textOf(packet)
    if (text === null) continue
    const isMachine = packet.protocol === machineProtocol
    const direction = isMachine ? null : packet.direction
    const key = `${packet.on} ${direction} ${text}`
    const known = open.get(key)
    const line = known === undefined ? undefined : lines[known]
    if (known !== undefined && line !== undefined) {
      lines[known] = { ...line, until: packet.at, times: line.times + 1 }
      continue
    }
    const isChange = isMachine && packet.data[0] === record.changed
    if (isChange) open = new Map()
    else open.set(key, lines.length)
    const { at, on } = packet
    lines.push({ at, until: at, times: 1, on, direction, text, isChange })
  }
  return lines
}

/** Null: nothing that anybody wants to read. */
function textOf(packet: FlightPacket): string | null {
  const { protocol, data, comment, mark, direction } = packet
  if (protocol === machineProtocol) {
    return data[0] === record.timerDue || data[0] === record.peerSaid ? null : comment
  }
  if (protocol === arp) return arpText(data)
  const ip = ipIn(packet)
  if (ip === null) return `protocol ${protocol.toString(16)}, ${data.length} bytes`
  const { source, destination, payload } = ip
  const way = `${source} > ${destination}`
  if (ip.protocol === protocolNumber) {
    const { version, vrid, priority } = readAdvert(payload, familyOf(source))
    const refused = direction === 'in' && mark === null ? ', refused' : ''
    return `VRRPv${version} router ${vrid} priority ${priority}, ${way}${refused}`
  }
  if (ip.protocol === 17) return `heartbeat, ${way}`
  return `neighbour discovery, ${way}`
}

function arpText(data: Uint8Array): string {
  if (data.length < 28) return 'ARP, cut off'
  const [sender, target] = [
    ipAddressFrom(data.subarray(14, 18)),
    ipAddressFrom(data.subarray(24, 28)),
  ]
  const mac = [...data.subarray(8, 14)].map(byte => byte.toString(16).padStart(2, '0')).join(':')
  if (sender === target) return `ARP: ${sender} is at ${mac}, said to everybody`
  return data[7] === 1 ? `ARP: ${mac} asks who has ${target}` : `ARP: ${sender} is at ${mac}`
}
