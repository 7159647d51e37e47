import { addressBytes, type IpAddress } from '../../values/ip-address.ts'
import type { Attribute } from './attributes.ts'
import { genericBody } from './generic-message.ts'
import type { Request } from './socket.ts'

/** What all messages of IPVS have in common. Numbers are of include/uapi/linux/ip_vs.h. */
export const ipvsFamily = 'IPVS'
const IPVS_GENL_VERSION = 1

export const IPVS_CMD_ATTR_SERVICE = 1
export const IPVS_CMD_ATTR_DEST = 2
export const IPVS_CMD_ATTR_DAEMON = 3

/** The message type is the running kernel's, and is put in when it is sent. */
export type IpvsRequest = Omit<Request, 'type'>

export type Advice = Readonly<Record<string, string>>

export function ipvsRequest(
  [op, command]: readonly [op: string, command: number],
  target: string,
  attributes: readonly Attribute[],
  advice: Advice = {},
): IpvsRequest {
  const body = genericBody(command, IPVS_GENL_VERSION, attributes)
  return { op, target, flags: 0, body, advice: { ...usualAdvice, ...advice } }
}

const usualAdvice: Advice = {
  EPERM: 'It needs root, or the capability NET_ADMIN.',
  EINVAL: 'The kernel log may say which value it does not take.',
  EAFNOSUPPORT: 'This kernel has IPVS without IPv6 (CONFIG_IP_VS_IPV6).',
  ENOMEM: 'The box has no memory left for it.',
}

export const uint16 = (value: number): Uint8Array => new Uint8Array(Uint16Array.of(value).buffer)

/** In the network's order. */
export const port16 = (port: number): Uint8Array => Uint8Array.of(port >> 8, port & 0xff)

/** union nf_inet_addr */
export function addressUnion(address: IpAddress): Uint8Array {
  const bytes = new Uint8Array(16)
  bytes.set(addressBytes(address))
  return bytes
}
