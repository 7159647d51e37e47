import { addressBytes, ipAddressFrom } from '../values/ip-address.ts'
import type { Prefix } from '../values/prefix.ts'

/** The prefix without the bits that name the host. */
export function networkOf({ address, length }: Prefix): Prefix {
  const bytes = addressBytes(address).map((byte, index) => {
    const kept = Math.min(8, Math.max(0, length - index * 8))
    return byte & (0xff00 >> kept)
  })
  return { address: ipAddressFrom(bytes), length }
}

export const isNetwork = (prefix: Prefix): boolean => networkOf(prefix).address === prefix.address
