/**
 * An IPv4 or IPv6 address in its one canonical text form (RFC 5952 for IPv6), so that two equal
 * addresses are equal strings: keys of maps, and readable in logs and in JSON.
 */
export type IpAddress = string & { readonly is: 'ip-address' }

export type Family = 'inet' | 'inet6'

export const familyOf = (address: IpAddress): Family => (address.includes(':') ? 'inet6' : 'inet')

/** Bytes of an address in this family. */
export const addressSize = (family: Family): 4 | 16 => (family === 'inet' ? 4 : 16)

/** Null when the text is no address; zones (`%eth0`) are none of it. */
export function parseIpAddress(text: string): IpAddress | null {
  // Of IPv4 there is no other text than the canonical one: leading zeros are refused.
  if (!text.includes(':')) return inetPattern.test(text) ? (text as IpAddress) : null
  const bytes = parseInet6(text)
  return bytes === null ? null : ipAddressFrom(bytes)
}

/** For text that stands in the code. */
export function ipAddress(text: string): IpAddress {
  const address = parseIpAddress(text)
  if (address === null) throw new TypeError(`"${text}" is no IP address`)
  return address
}

/** Of 4 or 16 bytes. */
export function ipAddressFrom(bytes: Uint8Array): IpAddress {
  if (bytes.length === 4) return bytes.join('.') as IpAddress
  if (bytes.length !== 16)
    throw new TypeError(`an IP address has 4 or 16 bytes, not ${bytes.length}`)
  return inet6Text(bytes) as IpAddress
}

export function addressBytes(address: IpAddress): Uint8Array {
  const bytes = address.includes(':') ? parseInet6(address) : parseInet(address)
  if (bytes === null) throw new TypeError(`"${address}" is no IP address`)
  return bytes
}

/** Below 0 when `a` is the lower one; IPv4 is below IPv6. */
export function compareAddresses(a: IpAddress, b: IpAddress): number {
  const [left, right] = [addressBytes(a), addressBytes(b)]
  if (left.length !== right.length) return left.length - right.length
  for (const [index, byte] of left.entries()) {
    const difference = byte - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** 224.0.0.0/4, ff00::/8 */
export const isMulticast = (address: IpAddress): boolean =>
  /^(?:22[4-9]|23\d)\.|^ff[\da-f]{2}:/.test(address)

/** fe80::/10 */
export const isLinkLocal = (address: IpAddress): boolean => /^fe[89ab][\da-f]:/.test(address)

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const inetPattern = new RegExp(`^${octet}(?:\\.${octet}){3}$`)

const parseInet = (text: string): Uint8Array | null =>
  inetPattern.test(text) ? Uint8Array.from(text.split('.'), Number) : null

function parseInet6(text: string): Uint8Array | null {
  const halves = text.split('::')
  const [head, tail] = halves.map(groups)
  if (halves.length > 2 || head === undefined || head === null || tail === null) return null
  // Dotted groups are the last ones (RFC 4291 2.2).
  if (halves.length === 2 && halves[0]?.includes('.')) return null
  const missing = 8 - head.length - (tail?.length ?? 0)
  // "::" stands for at least one group (RFC 4291 2.2).
  if (tail === undefined ? missing !== 0 : missing < 1) return null
  const all = [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])]
  return Uint8Array.from(all.flatMap(group => [group >> 8, group & 0xff]))
}

function groups(text: string): number[] | null {
  if (text === '') return []
  const parts = text.split(':')
  const last = parts.at(-1) ?? ''
  const dotted = last.includes('.') ? parseInet(last) : null
  if (last.includes('.')) {
    if (dotted === null) return null
    parts.pop()
  }
  if (!parts.every(part => /^[\da-f]{1,4}$/i.test(part))) return null
  const numbers = parts.map(part => Number.parseInt(part, 16))
  if (dotted !== null) {
    const [a = 0, b = 0, c = 0, d = 0] = dotted
    numbers.push((a << 8) | b, (c << 8) | d)
  }
  return numbers
}

function inet6Text(bytes: Uint8Array): string {
  const words = Array.from(
    { length: 8 },
    (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0),
  )
  const texts = words.map(word => word.toString(16))
  const { start, length } = longestZeros(words)
  if (length < 2) return texts.join(':')
  return `${texts.slice(0, start).join(':')}::${texts.slice(start + length).join(':')}`
}

/** The first of the longest runs of zero groups (RFC 5952 4.2.3). */
function longestZeros(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  let length = 0
  for (const [index, word] of words.entries()) {
    length = word === 0 ? length + 1 : 0
    if (length > best.length) best = { start: index - length + 1, length }
  }
  return best
}
