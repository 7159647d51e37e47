/** What people type in the wizard, read and refused in words. */

import { networkOf } from '../config/network.ts'
import { familyOf, type IpAddress, isMulticast, parseIpAddress } from '../values/ip-address.ts'
import { type Prefix, parsePrefix, prefixText } from '../values/prefix.ts'

/** Null: no address that a box can have, or without the length of its network. */
export function hostPrefix(text: string): Prefix | null {
  const prefix = text.includes('/') ? parsePrefix(text) : null
  if (prefix === null || prefix.length === 0 || isMulticast(prefix.address)) return null
  return /^(0\.0\.0\.0|::)$/.test(prefix.address) ? null : prefix
}

export function prefixError(text: string): string | null {
  if (hostPrefix(text) !== null) return null
  const bare = parseIpAddress(text)
  if (bare === null) return `"${text}" is no address: expected one such as 192.0.2.10/24.`
  const length = familyOf(bare) === 'inet' ? 24 : 64
  return `The length of the network is missing: expected ${bare}/${length} or so.`
}

export const isInside = (address: IpAddress, network: Prefix): boolean =>
  familyOf(address) === familyOf(network.address) &&
  networkOf({ address, length: network.length }).address === networkOf(network).address

export function gatewayError(text: string, own: Prefix): string | null {
  if (text === '') return null
  const gateway = parseIpAddress(text)
  if (gateway === null) return `"${text}" is no address: expected one such as 192.0.2.1, or none.`
  if (gateway === own.address) return `${text} is the address of this box itself.`
  if (isInside(gateway, own)) return null
  return `${text} is not in ${prefixText(networkOf(own))}, where this box can reach it.`
}

/** Several, with blanks or commas between them; null: one of them is none. */
export function addressList(text: string): readonly IpAddress[] | null {
  const found = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseIpAddress)
  const good = found.filter(address => address !== null)
  return good.length === found.length ? good : null
}

export const numberIn = (text: string, least: number, most: number): number | null => {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  return number >= least && number <= most ? number : null
}
