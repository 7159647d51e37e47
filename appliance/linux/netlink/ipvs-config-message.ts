import type { IpvsTimeouts } from '../../ipvs/timeouts.ts'
import { type Attribute, decodeAttributes, readUint32, uint32 } from './attributes.ts'
import { genericHeaderSize } from './generic-message.ts'
import { type IpvsRequest, ipvsRequest } from './ipvs-message.ts'

/** Timeouts and what the kernel tells of itself, as in include/uapi/linux/ip_vs.h. */
const SET_CONFIG = ['IPVS_CMD_SET_CONFIG', 12] as const
const GET_CONFIG = ['IPVS_CMD_GET_CONFIG', 13] as const
const GET_INFO = ['IPVS_CMD_GET_INFO', 15] as const

const ATTR_TIMEOUT_TCP = 4
const ATTR_TIMEOUT_TCP_FIN = 5
const ATTR_TIMEOUT_UDP = 6
const INFO_ATTR_VERSION = 1
const INFO_ATTR_CONN_TAB_SIZE = 2

/** What is left out stays as it is. */
export function setTimeouts({ tcp, tcpFin, udp }: Partial<IpvsTimeouts>): IpvsRequest {
  const attributes: Attribute[] = []
  if (tcp !== undefined) attributes.push([ATTR_TIMEOUT_TCP, uint32(tcp)])
  if (tcpFin !== undefined) attributes.push([ATTR_TIMEOUT_TCP_FIN, uint32(tcpFin)])
  if (udp !== undefined) attributes.push([ATTR_TIMEOUT_UDP, uint32(udp)])
  const wanted = Object.entries({ tcp, tcpFin, udp }).filter(([, value]) => value !== undefined)
  const target = `timeouts ${wanted.map(([name, value]) => `${name} ${value} s`).join(', ')}`
  return ipvsRequest(SET_CONFIG, target, attributes, { EINVAL: 'A timeout is too long.' })
}

export const askForTimeouts: IpvsRequest = ipvsRequest(GET_CONFIG, 'timeouts', [])

export function decodeTimeouts(body: Uint8Array): IpvsTimeouts {
  const attributes = decodeAttributes(body.subarray(genericHeaderSize))
  const seconds = (type: number): number => readUint32(attributes.get(type)) ?? 0
  return {
    tcp: seconds(ATTR_TIMEOUT_TCP),
    tcpFin: seconds(ATTR_TIMEOUT_TCP_FIN),
    udp: seconds(ATTR_TIMEOUT_UDP),
  }
}

export type IpvsInfo = {
  /** `1.2.1` */
  readonly version: string
  /** Buckets of the connection table: the module's conn_tab_bits. */
  readonly connectionTableSize: number
}

export const askForInfo: IpvsRequest = ipvsRequest(GET_INFO, 'version', [])

export function decodeInfo(body: Uint8Array): IpvsInfo {
  const attributes = decodeAttributes(body.subarray(genericHeaderSize))
  const code = readUint32(attributes.get(INFO_ATTR_VERSION)) ?? 0
  return {
    version: `${(code >> 16) & 0xff}.${(code >> 8) & 0xff}.${code & 0xff}`,
    connectionTableSize: readUint32(attributes.get(INFO_ATTR_CONN_TAB_SIZE)) ?? 0,
  }
}
