/** What clients connect to: of a virtual_server, or the lines of its group. */

import { parseAddressRange } from '../config/address-range.ts'
import { bracketed, endpointText } from '../values/endpoint-text.ts'
import { addressBytes, ipAddressFrom, parseIpAddress } from '../values/ip-address.ts'
import { parsePrefix } from '../values/prefix.ts'
import type { Json, Site } from './import-site.ts'
import type { Entry } from './tree.ts'

export type Endpoint = {
  readonly written: string | Json
  /** 0: a mark, or all ports. */
  readonly port: number
  readonly line: Entry
}

/** `IP [PORT]`, `IP-IP [PORT]`, `fwmark N`, at the words of this line. */
export function endpoint(
  site: Site,
  line: Entry,
  words: readonly string[],
  family: string | null,
): Endpoint | null {
  const [first = '', second = '0', third] = words
  if (first === 'fwmark') {
    const mark = /^(0x[\da-f]+|\d+)$/i.test(second) ? Number(second) : 0
    const known = third === undefined || /^inet6?$/.test(third)
    if (!known)
      site.notes.unsupported(line, `expected inet or inet6, not "${third}": it is left out`)
    const of = known ? (third ?? family) : family
    if (mark > 0) return { written: { mark, ...(of && { family: of }) }, port: 0, line }
    site.notes.unsupported(line, `"${second}" is no firewall mark`)
    return null
  }
  const range = network(first) ?? first
  const addresses = parseAddressRange(range)
  const port = /^\d{1,5}$/.test(second) ? Number(second) : Number.NaN
  if (addresses === null || !(port <= 65_535)) {
    site.notes.unsupported(line, `"${words.join(' ')}" is no address (or range) with a port`)
    return null
  }
  const routers = Object.keys(site.routers).length
  const held = routers === 0 || addresses.every(each => site.held.has(each))
  if (!held) {
    const text =
      `no vrrp_instance holds ${first}: "held" is false here, and the address has to be on the ` +
      'box by other means'
    site.notes.translated(line, text)
  }
  if (!held) {
    const json = { address: range, ...(port > 0 && { port }), held: false }
    return { written: json, port, line }
  }
  return { written: port > 0 ? endpointText(range, port) : bracketed(range), port, line }
}

/** 192.0.2.0/28 as a range of all its addresses. */
function network(text: string): string | null {
  const prefix = text.includes('/') ? parsePrefix(text) : null
  if (prefix === null) return null
  const bytes = addressBytes(prefix.address)
  const bits = bytes.length * 8 - prefix.length
  if (bits > 10) return null
  const view = new DataView(bytes.slice().buffer)
  const at = bytes.length - 4
  const size = 2 ** bits
  const start = Math.floor(view.getUint32(at) / size) * size
  const end = (value: number): string => {
    view.setUint32(at, value)
    return ipAddressFrom(new Uint8Array(view.buffer))
  }
  return `${end(start)}-${end(start + size - 1)}`
}

/** As it is called here: `tcp:192.0.2.100:80`, `mark-7`. */
export function serviceName(protocol: string, words: readonly string[]): string {
  const [first = '', port] = words
  if (first === 'group') return port ?? 'group'
  if (first === 'fwmark') return `mark-${port}`
  return `${protocol}:${serverName(first, port)}`
}

const serverName = (text: string, port: string | undefined): string =>
  nameAt(parseIpAddress(text) ?? text, port)

/** IPv6 has colons enough. */
export function nameAt(address: string, port: string | undefined): string {
  if (port === undefined || port === '0') return address
  return address.includes(':') ? `${address}-${port}` : `${address}:${port}`
}
