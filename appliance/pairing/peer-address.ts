import { bracketed } from '../values/endpoint-text.ts'
import { parseIpAddress } from '../values/ip-address.ts'

/** Where a box listens for its peer, unless it was told another one. */
export const usualPort = 4343

/** `192.0.2.1`, `192.0.2.1:4343`, `[2001:db8::1]:4343`; null: it is none of these. */
export function peerAt(text: string): { readonly address: string; readonly port: number } | null {
  const plain = parseIpAddress(text)
  if (plain !== null) return { address: plain, port: usualPort }
  const [, bracketed, dotted, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const address = parseIpAddress(bracketed ?? dotted ?? '')
  const port = Number(digits)
  return address === null || !(port >= 1 && port <= 65_535) ? null : { address, port }
}

/** As it may be typed. */
export const peerText = (address: string, port: number): string =>
  port === usualPort ? address : `${bracketed(address)}:${port}`
