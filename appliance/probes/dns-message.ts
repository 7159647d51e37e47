import { ipAddressFrom } from '../values/ip-address.ts'
import { ProbeFailure } from './asking.ts'

/** RFC 1035 4; types of the IANA registry. */
const types: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  DS: 43,
  DNSKEY: 48,
  HTTPS: 65,
  ANY: 255,
  CAA: 257,
}

const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']
const headerSize = 12

export type DnsAnswer = {
  readonly rcode: string
  readonly truncated: boolean
  /** Of the type that was asked for, in the form of a zone file. */
  readonly texts: readonly string[]
}

/** Throws ProbeFailure for a name or type that cannot be asked. */
export function encodeQuery(id: number, name: string, type: string): Uint8Array {
  const number = typeNumber(type)
  const labels = name.replace(/\.$/, '').split('.').filter(Boolean)
  const parts = labels.map(label => Buffer.from(label))
  const length = parts.reduce((sum, part) => sum + part.length + 1, 1)
  if (length > 255 || parts.some(part => part.length > 63) || /\.\./.test(name)) {
    throw new ProbeFailure('cannot-ask', `"${name}" is no DNS name`)
  }
  const message = Buffer.alloc(headerSize + length + 4)
  message.writeUInt16BE(id, 0)
  // A question, recursion desired.
  message.writeUInt16BE(0x0100, 2)
  message.writeUInt16BE(1, 4)
  let at = headerSize
  for (const part of parts) {
    message[at] = part.length
    message.set(part, at + 1)
    at += part.length + 1
  }
  message.writeUInt16BE(number, at + 1)
  message.writeUInt16BE(1, at + 3)
  return message
}

function typeNumber(type: string): number {
  const known = types[type.toUpperCase()] ?? Number(/^TYPE(\d+)$/i.exec(type)?.[1] ?? Number.NaN)
  if (known > 0 && known < 65_536) return known
  throw new ProbeFailure('cannot-ask', `"${type}" is no type of DNS records`)
}

/** Null: it is an answer to some other question. Throws ProbeFailure for what is no answer. */
export function decodeAnswer(bytes: Uint8Array, query: Uint8Array): DnsAnswer | null {
  if (bytes.length < headerSize) throw malformed('shorter than its header')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint16(0) !== new DataView(query.buffer, query.byteOffset).getUint16(0)) return null
  const flags = view.getUint16(2)
  if ((flags & 0x8000) === 0) throw malformed('a question, not an answer')
  const code = flags & 0x0f
  const rcode = rcodes[code] ?? `error ${code}`
  const truncated = (flags & 0x0200) !== 0
  if (code !== 0) return { rcode, truncated, texts: [] }
  const reader = new Reader(bytes)
  try {
    for (let left = view.getUint16(4); left > 0; left--) {
      reader.name()
      reader.skip(4)
    }
    const wanted = new DataView(query.buffer, query.byteOffset).getUint16(query.length - 4)
    const texts: string[] = []
    for (let left = view.getUint16(6); left > 0; left--) {
      const text = reader.record(wanted)
      if (text !== null) texts.push(text)
    }
    return { rcode, truncated, texts }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // What was cut off may end anywhere.
    if (truncated) return { rcode, truncated, texts: [] }
    throw malformed('it ends in the middle of a record')
  }
}

const malformed = (why: string): ProbeFailure =>
  new ProbeFailure('wrong-answer', `no DNS answer: ${why}`)

/** Throws RangeError beyond the end. */
class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = headerSize

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  skip(count: number): void {
    this.#at += count
  }

  name(): string {
    const labels: string[] = []
    let at = this.#at
    let jumped = false
    // A pointer may lead backwards only, so a name of 255 bytes has at most so many steps.
    for (let steps = 0; steps < 256; steps++) {
      const length = this.#view.getUint8(at)
      if (length >= 0xc0) {
        if (!jumped) this.#at = at + 2
        jumped = true
        at = this.#view.getUint16(at) & 0x3fff
        continue
      }
      if (length === 0) {
        if (!jumped) this.#at = at + 1
        return `${labels.join('.')}.`
      }
      if (length > 63 || at + 1 + length > this.#bytes.length) throw new RangeError('label')
      labels.push(Buffer.from(this.#bytes.subarray(at + 1, at + 1 + length)).toString('latin1'))
      at += length + 1
    }
    throw malformed('a name in it has no end')
  }

  /** Null when it is of another type (a CNAME on the way). */
  record(wanted: number): string | null {
    this.name()
    const type = this.#view.getUint16(this.#at)
    const length = this.#view.getUint16(this.#at + 8)
    const start = this.#at + 10
    const end = start + length
    if (end > this.#bytes.length) throw new RangeError('record')
    this.#at = start
    const text = type === wanted || wanted === types.ANY ? this.#text(type, end) : null
    this.#at = end
    return text
  }

  #text(type: number, end: number): string {
    switch (type) {
      case types.A:
      case types.AAAA: {
        const bytes = this.#bytes.subarray(this.#at, end)
        if (bytes.length !== (type === types.A ? 4 : 16))
          throw malformed('an address of odd length')
        return ipAddressFrom(bytes)
      }
      case types.NS:
      case types.CNAME:
      case types.PTR:
        return this.name()
      case types.MX:
        return `${this.#number()} ${this.name()}`
      case types.SRV:
        return `${this.#number()} ${this.#number()} ${this.#number()} ${this.name()}`
      case types.SOA: {
        const names = `${this.name()} ${this.name()}`
        const numbers = [0, 4, 8, 12, 16].map(offset => this.#view.getUint32(this.#at + offset))
        return `${names} ${numbers.join(' ')}`
      }
      case types.TXT:
        return this.#strings(end)
      default: {
        // RFC 3597 5
        const rest = Buffer.from(this.#bytes.subarray(this.#at, end))
        return `\\# ${rest.length} ${rest.toString('hex')}`
      }
    }
  }

  #number(): number {
    const value = this.#view.getUint16(this.#at)
    this.#at += 2
    return value
  }

  #strings(end: number): string {
    let text = ''
    while (this.#at < end) {
      const length = this.#view.getUint8(this.#at)
      const stop = Math.min(this.#at + 1 + length, end)
      text += Buffer.from(this.#bytes.subarray(this.#at + 1, stop)).toString()
      this.#at = stop
    }
    return text
  }
}
