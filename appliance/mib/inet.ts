import { addressBytes, parseIpAddress } from '../values/ip-address.ts'
import { parsePrefix } from '../values/prefix.ts'
import { gauge, integer, octets, type Value } from './value.ts'

/** InetAddressType, InetAddress and what goes with them: RFC 4001. */

/** ipv4(1), ipv6(2) */
export const familyNumber = (address: string): 1 | 2 => (address.includes(':') ? 2 : 1)

export const addressType = (address: string): Value => integer(familyNumber(address))

export function addressValue(text: string): Value {
  const address = parsePrefix(text)?.address ?? parseIpAddress(text)
  return octets(address === null ? new Uint8Array() : addressBytes(address))
}

export const prefixLength = (text: string): Value => gauge(parsePrefix(text)?.length ?? 0)

/** InetScopeType: interface-local(1), link-local(2), global(14) */
export const scopeType = (scope: 'global' | 'link' | 'host'): Value =>
  integer({ host: 1, link: 2, global: 14 }[scope])
