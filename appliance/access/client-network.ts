import { addressBytes, familyOf, ipAddressFrom, parseIpAddress } from '../values/ip-address.ts'

/**
 * As whom the attempts of a client are counted: an IPv4 address, or the /64 of an IPv6 one, of
 * which a single host has as many addresses as it likes.
 */
export function clientNetwork(client: string): string {
  const address = parseIpAddress(client.replace(/%.*$/, '').replace(/^::ffff:(?=[\d.]+$)/i, ''))
  if (address === null) return 'unknown'
  if (familyOf(address) === 'inet') return address
  const bytes = addressBytes(address).slice()
  return `${ipAddressFrom(bytes.fill(0, 8))}/64`
}
