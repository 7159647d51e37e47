/**
 * Adverts as drafts: every field can be made wrong by itself, and the checksum and the signature
 * are made last, so that they are right unless they are what is wrong. Shares nothing with the
 * product's encoder: each checks the other.
 */

import { ipAddress } from '../../appliance/values/ip-address.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import { hmacSha256, noon, unhex } from './vrrp-codec-words.ts'

export type Draft = {
  ip: { version: number; options: string; total: number | null; fragment: number; protocol: number }
  ttl: number | null
  source: string
  destination: string
  version: number
  type: number
  vrid: number
  priority: number
  /** Null: as many as there are. */
  count: number | null
  /** Bytes 4 and 5: authentication and seconds in v2, hundredths of a second in v3. */
  timing: [number, number]
  addresses: string[]
  /** In hexadecimal, v2 only. */
  password: string
  trailer: Trailer | null
  /** Added to the right checksum. */
  checksumError: number
  withPseudoHeader: boolean
  /** In hexadecimal, behind everything. */
  tail: string
  /** So many bytes of the payload are left. */
  length: number
}

export type Trailer = {
  kind: number
  key: number
  reserved: number
  /** Seconds before noon. */
  age: number
  secret: Uint8Array
}

const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255]
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)]

const bytesOf = (address: string): number[] => {
  if (!address.includes(':')) return address.split('.').map(Number)
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string) => text.split(':').filter(group => group !== '')
  const missing = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)]
  return all.flatMap(group => u16(Number.parseInt(group, 16)))
}

const onesSum = (bytes: readonly number[]): number => {
  const words = bytes.map((byte, index) => (index % 2 === 0 ? byte * 256 : byte))
  return words.reduce((sum, word) => (sum + word) % 0xffff, 0)
}

const trailerOf = (draft: Draft, pdu: readonly number[]): number[] => {
  if (draft.trailer === null) return []
  const { kind, key, reserved, age, secret } = draft.trailer
  const stamp = [...u32(Math.floor(noon / 1000) - age), ...u16(0x4000), ...u16(0)]
  const head = [kind, key, ...u16(reserved), ...stamp]
  const source = bytesOf(draft.source)
  const about = [source.length === 4 ? 4 : 6, draft.version, draft.vrid, 0]
  const pseudo = [...about, ...source, ...Array<number>(16 - source.length).fill(0)]
  const message = [...pseudo, ...pdu, ...head, ...Array<number>(16).fill(0)]
  return [...head, ...hmacSha256(secret, Uint8Array.from(message)).subarray(0, 16)]
}

export const payloadOf = (draft: Draft): Uint8Array => {
  const { version, type, vrid, priority, timing, addresses } = draft
  const count = draft.count ?? addresses.length
  const fixed = [version * 16 + type, vrid, priority, count, ...timing, 0, 0]
  const pdu = [...fixed, ...addresses.flatMap(bytesOf), ...unhex(draft.password)]
  const whole = [...pdu, ...trailerOf(draft, pdu)]
  const six = draft.source.includes(':')
  const summed = six ? whole : pdu
  const path = [...bytesOf(draft.source), ...bytesOf(draft.destination)]
  const pseudo = draft.withPseudoHeader ? [...path, ...u16(summed.length), 0, 112] : []
  const sum = 0xffff - onesSum([...summed, ...pseudo]) + draft.checksumError
  whole.splice(6, 2, ...u16(sum))
  return Uint8Array.from([...whole, ...unhex(draft.tail)].slice(0, draft.length))
}

/** The whole IPv4 packet. */
export const ipv4PacketOf = (draft: Draft): Uint8Array => {
  const { ip, ttl, source, destination } = draft
  const payload = payloadOf(draft)
  const options = unhex(ip.options)
  const size = 20 + options.length
  const first = [ip.version * 16 + size / 4, 0xc0, ...u16(ip.total ?? size + payload.length)]
  const second = [...u16(1), ...u16(ip.fragment), ttl ?? 255, ip.protocol, 0, 0]
  const path = [...bytesOf(source), ...bytesOf(destination)]
  return Uint8Array.from([...first, ...second, ...path, ...options, ...payload])
}

/** A right advert for this router. */
export const draftFor = (router: RouterConfig): Draft => {
  const { version, family, vrid, interval, transport, authentication, addresses } = router
  const six = family === 'inet6'
  const password = authentication.kind === 'password' ? authentication.password : ''
  const seconds = interval / 1000
  const peer = transport.kind === 'unicast' ? transport.peers[0] : null
  const link = six ? ipAddress('fe80::1') : ipAddress('192.0.2.1')
  const self = six ? 'fe80::2' : '192.0.2.2'
  const key = authentication.kind === 'hmac' ? authentication.keys[0]! : null
  const first = { kind: 1, key: key?.id ?? 0, reserved: 0, age: 0 }
  return {
    ip: { version: 4, options: '', total: null, fragment: 0, protocol: 112 },
    ttl: 255,
    source: peer ?? link,
    destination: transport.kind === 'multicast' ? transport.group : self,
    version,
    type: 1,
    vrid,
    priority: 200,
    count: null,
    timing: version === 2 ? [password === '' ? 0 : 1, seconds] : [0, seconds * 100],
    addresses: addresses.map(({ prefix }) => prefix.address),
    password: version === 2 ? Buffer.from(password).toString('hex').padEnd(16, '0') : '',
    trailer: key === null ? null : { ...first, secret: key.secret },
    checksumError: 0,
    withPseudoHeader: version === 3,
    tail: '',
    length: Number.POSITIVE_INFINITY,
  }
}
