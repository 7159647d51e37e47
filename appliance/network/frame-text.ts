import { endpointText } from '../values/endpoint-text.ts'
import { addressSize, type Family, type IpAddress, ipAddressFrom } from '../values/ip-address.ts'
import { macAddressFrom } from '../values/mac-address.ts'
import { headerSize, uint8, uint16 } from '../vrrp/advert-layout.ts'

/**
 * A frame of Ethernet in one line, for somebody who looks for the reason of a trouble: most is said
 * of what makes two boxes one. Bytes of a stranger: nothing in here throws for what they are.
 */
export function frameText(frame: Uint8Array): string {
  if (frame.length < 14) return `${frame.length} bytes, too short for a frame`
  const tagged = uint16(frame, 12) === 0x8100 && frame.length >= 18
  const type = uint16(frame, tagged ? 16 : 12)
  const body = frame.subarray(tagged ? 18 : 14)
  const vlan = tagged ? `VLAN ${uint16(frame, 14) & 0xfff}  ` : ''
  return `${vlan}${bodyText(type, body, frame)}`
}

function bodyText(type: number, body: Uint8Array, frame: Uint8Array): string {
  switch (type) {
    case 0x0806:
      return body.length < 28 ? short('ARP', body) : arpText(body)
    case 0x0800:
      return body.length < 20 ? short('IPv4', body) : inetText(body)
    case 0x86dd:
      return body.length < 40 ? short('IPv6', body) : inet6Text(body)
    default: {
      const from = macAddressFrom(frame.slice(6, 12))
      return `type ${type.toString(16).padStart(4, '0')} from ${from}, ${frame.length} bytes`
    }
  }
}

const short = (what: string, body: Uint8Array): string => `${what}, cut short: ${body.length} bytes`

/** RFC 826 */
function arpText(body: Uint8Array): string {
  const mac = macAddressFrom(body.slice(8, 14))
  const sender = ipAddressFrom(body.slice(14, 18))
  const target = ipAddressFrom(body.slice(24, 28))
  if (sender === target) return `ARP  ${sender} is at ${mac}, announced`
  if (uint16(body, 6) === 2) return `ARP  ${sender} is at ${mac}, answered`
  return `ARP  who has ${target}? asks ${sender} at ${mac}`
}

function inetText(packet: Uint8Array): string {
  const header = (uint8(packet, 0) & 15) * 4
  const ends = [ipAddressFrom(packet.slice(12, 16)), ipAddressFrom(packet.slice(16, 20))] as const
  const isLater = (uint16(packet, 6) & 0x1fff) !== 0
  const payload = packet.subarray(header, Math.max(header, uint16(packet, 2)))
  if (isLater) return `IPv4 ${ends.join(' > ')}  a later fragment`
  return protocolText('inet', uint8(packet, 9), payload, ends)
}

function inet6Text(packet: Uint8Array): string {
  const ends = [ipAddressFrom(packet.slice(8, 24)), ipAddressFrom(packet.slice(24, 40))] as const
  return protocolText('inet6', uint8(packet, 6), packet.subarray(40), ends)
}

type Ends = readonly [from: IpAddress, to: IpAddress]

function protocolText(family: Family, protocol: number, payload: Uint8Array, ends: Ends): string {
  const between = ends.join(' > ')
  switch (protocol) {
    case 112:
      return payload.length < headerSize ? short('VRRP', payload) : vrrpText(family, payload, ends)
    case 6:
      return payload.length < 20 ? short('TCP', payload) : tcpText(payload, ends)
    case 17:
      return payload.length < 8 ? short('UDP', payload) : `UDP  ${portsText(payload, ends)}`
    case 1:
    case 58:
      return `ICMP ${between}  ${icmpText(protocol, payload)}`
    default:
      return `IP   ${between}  protocol ${protocol}, ${payload.length} bytes`
  }
}

/** RFC 9568 5.2, RFC 3768 5.3 */
function vrrpText(family: Family, payload: Uint8Array, [from]: Ends): string {
  const version = uint8(payload, 0) >> 4
  const count = uint8(payload, 3)
  const width = addressSize(family)
  const there = Math.min(count, Math.floor((payload.length - headerSize) / width))
  const addresses = Array.from({ length: there }, (_, index) => {
    const at = headerSize + index * width
    return ipAddressFrom(payload.slice(at, at + width))
  })
  const interval = version === 2 ? uint8(payload, 5) : (uint16(payload, 4) & 0xfff) / 100
  const priority = uint8(payload, 2)
  const says = priority === 0 ? 'gives up' : `priority ${priority}`
  const which = `v${version} VRID ${uint8(payload, 1)} ${says}`
  return `VRRP ${from}  ${which}, each ${interval} s: ${addresses.join(' ')}`
}

const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK'] as const

function tcpText(payload: Uint8Array, ends: Ends): string {
  const set = flagNames.filter((_, bit) => (uint8(payload, 13) & (1 << bit)) !== 0)
  const data = Math.max(0, payload.length - (uint8(payload, 12) >> 4) * 4)
  return `TCP  ${portsText(payload, ends)}  ${set.join(' ')}, ${data} bytes`
}

const portsText = (payload: Uint8Array, [from, to]: Ends): string =>
  `${endpointText(from, uint16(payload, 0))} > ${endpointText(to, uint16(payload, 2))}`

const icmpNames: Readonly<Record<string, string>> = {
  '1/0': 'echo reply',
  '1/3': 'unreachable',
  '1/8': 'echo request',
  '58/1': 'unreachable',
  '58/128': 'echo request',
  '58/129': 'echo reply',
  '58/133': 'router solicitation',
  '58/134': 'router advertisement',
  '58/135': 'who has',
  '58/136': 'is at',
}

function icmpText(protocol: number, payload: Uint8Array): string {
  if (payload.length < 8) return `cut short: ${payload.length} bytes`
  const type = uint8(payload, 0)
  const name = icmpNames[`${protocol}/${type}`] ?? `type ${type}`
  const isNeighbour = protocol === 58 && (type === 135 || type === 136) && payload.length >= 24
  return isNeighbour ? `${name} ${ipAddressFrom(payload.slice(8, 24))}` : name
}
