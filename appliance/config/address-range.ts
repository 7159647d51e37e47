import {
  addressBytes,
  type IpAddress,
  ipAddressFrom,
  parseIpAddress,
} from '../values/ip-address.ts'

/** Each of them is a service in the kernel. */
const most = 1024

/** `192.0.2.100`, `192.0.2.100-110`, `2001:db8::10-1f`, or two whole addresses with a hyphen. */
export function parseAddressRange(text: string): readonly IpAddress[] | null {
  const [from = '', to, more] = text.split('-')
  if (more !== undefined) return null
  const first = parseIpAddress(from)
  if (first === null) return null
  if (to === undefined) return [first]
  const last = parseIpAddress(/[.:]/.test(to) ? to : from.replace(/[^.:]*$/, to))
  return last === null ? null : between(addressBytes(first), addressBytes(last))
}

/** Null when the last one is below the first, of another family, or too far. */
function between(first: Uint8Array, last: Uint8Array): readonly IpAddress[] | null {
  const fixed = first.length - 4
  if (first.length !== last.length) return null
  if (first.subarray(0, fixed).some((byte, index) => byte !== last[index])) return null
  const start = numberAt(first, fixed)
  const count = numberAt(last, fixed) - start + 1
  if (count < 1 || count > most) return null
  return Array.from({ length: count }, (_, index) => {
    const bytes = first.slice()
    new DataView(bytes.buffer).setUint32(fixed, start + index)
    return ipAddressFrom(bytes)
  })
}

const numberAt = (bytes: Uint8Array, offset: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset)

/** With the port behind it; IPv6 in brackets, for `2001:db8::1:80` is an address by itself. */
export const endpointPattern = /^(?:([\d.-]+)|\[([\da-fA-F.:-]+)\])(?::([1-9]\d{0,4}))?$/

export type EndpointText = {
  readonly addresses: readonly IpAddress[]
  /** Null: none is written. */
  readonly port: number | null
}

export function parseEndpoint(text: string): EndpointText | null {
  const [, inet, inet6, digits] = endpointPattern.exec(text) ?? []
  const written = inet ?? inet6 ?? ''
  const addresses = parseAddressRange(written)
  const port = digits === undefined ? null : Number(digits)
  if (addresses === null || (port !== null && port > 65_535)) return null
  return written.includes(':') === (inet6 !== undefined) ? { addresses, port } : null
}
