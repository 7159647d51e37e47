/** What people type in the wizard, read and refused in words. */

import { networkOf } from '../config/network.ts'
import type { HeardRouter } from '../status/heard-router.ts'
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
  const network = prefixText(networkOf(own))
  return `${text} is not in ${network}: expected an address there, or none.`
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

/** The first one from `start` on that nobody has. */
export function freeId(start: number, heard: readonly HeardRouter[]): number {
  const ids = Array.from({ length: 255 }, (_, step) => ((start - 1 + step) % 255) + 1)
  return ids.find(id => heard.every(({ vrid }) => vrid !== id)) ?? start
}

/** Null: nobody has listened to the end yet. */
export function heardText(heard: readonly HeardRouter[] | null): string {
  if (heard === null) return 'The box listens which ones are in use here ...'
  const ids = [...new Set(heard.map(({ vrid }) => vrid))].toSorted((one, two) => one - two)
  return ids.length === 0 ? 'None was heard on this network.' : `In use here: ${ids.join(', ')}.`
}

export function virtualRouterIdError(text: string, heard: readonly HeardRouter[]): string | null {
  const id = numberIn(text, 1, 255)
  if (id === null) return `"${text}": expected a number from 1 to 255.`
  const other = heard.find(({ vrid }) => vrid === id)
  if (other === undefined) return null
  return `${id} is in use: ${other.source} says so on ${other.interface}. Expected another one.`
}

export function serversError(text: string, virtualAddress: string): string | null {
  const found = addressList(text)
  if (found === null || found.length === 0) {
    return `"${text}": expected addresses such as 192.0.2.21, with blanks between them.`
  }
  const twice = found.find((each, index) => found.indexOf(each) !== index)
  if (twice !== undefined) return `${twice} is there twice.`
  const own = hostPrefix(virtualAddress)?.address
  if (own === undefined) return null
  const other = found.find(each => familyOf(each) !== familyOf(own))
  if (other !== undefined) return `${other} and the virtual address are not of one family.`
  return found.includes(own) ? `${own} is the virtual address itself.` : null
}
