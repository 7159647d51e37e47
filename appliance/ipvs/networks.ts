import { addressBytes, familyOf, type IpAddress, ipAddressFrom } from '../values/ip-address.ts'
import { type Prefix, prefixText } from '../values/prefix.ts'

/** Whether the address is in the network of this prefix. */
export const holds = (network: Prefix, address: IpAddress): boolean =>
  familyOf(network.address) === familyOf(address) &&
  networkText({ address, length: network.length }) === networkText(network)

/** Without the bits behind the length: `192.0.2.0/24`. */
export function networkText({ address, length }: Prefix): string {
  const bytes = addressBytes(address).map((byte, index) => {
    const kept = Math.min(Math.max(length - index * 8, 0), 8)
    return byte & ~(0xff >> kept)
  })
  return prefixText({ address: ipAddressFrom(bytes), length })
}
