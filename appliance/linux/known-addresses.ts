import { type IpAddress, ipAddressFrom } from '../values/ip-address.ts'

/** Senders that are remembered; a flood of others only costs what it would cost anyway. */
const most = 512

/**
 * Gives the text of an address from its bytes without making it anew for each packet: adverts
 * come from the same few routers, thousands a second.
 */
export class KnownAddresses {
  readonly #byHash = new Map<number, { readonly bytes: Uint8Array; readonly text: IpAddress }>()

  /** The address of `length` bytes (4 or 16) at `offset`. */
  at(bytes: Uint8Array, offset: number, length: number): IpAddress {
    const hash = hashOf(bytes, offset, length)
    const known = this.#byHash.get(hash)
    if (known !== undefined && isAt(known.bytes, bytes, offset, length)) return known.text
    const copy = bytes.slice(offset, offset + length)
    const text = ipAddressFrom(copy)
    if (this.#byHash.size >= most) this.#byHash.clear()
    this.#byHash.set(hash, { bytes: copy, text })
    return text
  }
}

function hashOf(bytes: Uint8Array, offset: number, length: number): number {
  let hash = length
  for (let i = offset; i < offset + length; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0
  return hash
}

function isAt(wanted: Uint8Array, bytes: Uint8Array, offset: number, length: number): boolean {
  if (wanted.length !== length) return false
  for (let i = 0; i < length; i++) if (wanted[i] !== bytes[offset + i]) return false
  return true
}
