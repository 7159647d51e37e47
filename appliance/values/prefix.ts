import { addressSize, familyOf, type IpAddress, parseIpAddress } from './ip-address.ts'

/** An address and how much of it names the network: `192.0.2.100/24`. */
export type Prefix = { readonly address: IpAddress; readonly length: number }

/** Without a length: the address alone (/32, /128). Null when the text is neither. */
export function parsePrefix(text: string): Prefix | null {
  const [, head = '', tail] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? []
  const address = parseIpAddress(head)
  if (address === null) return null
  const longest = addressSize(familyOf(address)) * 8
  const length = tail === undefined ? longest : Number(tail)
  return length > longest ? null : { address, length }
}

export const prefixText = ({ address, length }: Prefix): string => `${address}/${length}`
