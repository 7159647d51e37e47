import type {
  Persistence,
  Protocol,
  ServiceAt,
  ServiceSettings,
  Traffic,
} from '../../ipvs/service.ts'
import { serviceText } from '../../ipvs/service-text.ts'
import { type Family, familyOf } from '../../values/ip-address.ts'
import { AF_INET, AF_INET6 } from '../socket-address.ts'
import { attributeFinder, endOfValue } from './attribute-offsets.ts'
import { type Attribute, concatenated, readText, text, uint32, viewOf } from './attributes.ts'
import { type Body, readAddress } from './body.ts'
import { genericHeaderSize } from './generic-message.ts'
import {
  type Advice,
  addressUnion,
  IPVS_CMD_ATTR_SERVICE,
  type IpvsRequest,
  ipvsRequest,
  port16,
  uint16,
} from './ipvs-message.ts'
import { decodeTraffic } from './ipvs-traffic.ts'

/** Services as in include/uapi/linux/ip_vs.h. */
const NEW_SERVICE = ['IPVS_CMD_NEW_SERVICE', 1] as const
const SET_SERVICE = ['IPVS_CMD_SET_SERVICE', 2] as const
const DEL_SERVICE = ['IPVS_CMD_DEL_SERVICE', 3] as const
const GET_SERVICE = ['IPVS_CMD_GET_SERVICE', 4] as const
const ZERO = ['IPVS_CMD_ZERO', 16] as const
const FLUSH = ['IPVS_CMD_FLUSH', 17] as const

const ATTR_AF = 1
const ATTR_PROTOCOL = 2
const ATTR_ADDR = 3
const ATTR_PORT = 4
const ATTR_FWMARK = 5
const ATTR_SCHED_NAME = 6
const ATTR_FLAGS = 7
const ATTR_TIMEOUT = 8
const ATTR_NETMASK = 9
const ATTR_PE_NAME = 11
const ATTR_STATS64 = 12

const F_PERSISTENT = 0x01
const F_ONEPACKET = 0x04
const F_SCHED1 = 0x08

/** include/uapi/linux/in.h */
const protocols: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17, sctp: 132 }

export const addService = (at: ServiceAt, settings: ServiceSettings): IpvsRequest =>
  ipvsRequest(NEW_SERVICE, serviceText(at), [whole(at, settings)], refusals(settings))

export const changeService = (at: ServiceAt, settings: ServiceSettings): IpvsRequest =>
  ipvsRequest(SET_SERVICE, serviceText(at), [whole(at, settings)], refusals(settings))

export const removeService = (at: ServiceAt): IpvsRequest =>
  ipvsRequest(DEL_SERVICE, serviceText(at), [serviceIdentity(at)], { ESRCH: 'It was not there.' })

export const listServices: IpvsRequest = ipvsRequest(GET_SERVICE, 'all services', [])

/** Sets the counters to 0, of a service and its destinations or of all. */
export const zeroTraffic = (at: ServiceAt | null): IpvsRequest =>
  at === null
    ? ipvsRequest(ZERO, 'all services', [])
    : ipvsRequest(ZERO, serviceText(at), [serviceIdentity(at)], { ESRCH: 'It is not there.' })

export const flushTable: IpvsRequest = ipvsRequest(FLUSH, 'all services', [])

export const serviceIdentity = (at: ServiceAt): Attribute => [IPVS_CMD_ATTR_SERVICE, identity(at)]

export const serviceFamily = (at: ServiceAt): Family =>
  at.kind === 'mark' ? at.family : familyOf(at.address)

function identity(at: ServiceAt): readonly Attribute[] {
  const family: Attribute = [ATTR_AF, uint16(serviceFamily(at) === 'inet' ? AF_INET : AF_INET6)]
  if (at.kind === 'mark') return [family, [ATTR_FWMARK, uint32(at.mark)]]
  return [
    family,
    [ATTR_PROTOCOL, uint16(protocols[at.protocol])],
    [ATTR_ADDR, addressUnion(at.address)],
    [ATTR_PORT, port16(at.port)],
  ]
}

function whole(at: ServiceAt, settings: ServiceSettings): Attribute {
  const { scheduler, persistence } = settings
  const length = persistence?.prefixLength ?? (serviceFamily(at) === 'inet' ? 32 : 128)
  // struct ip_vs_flags: those of the mask are set or cleared; the others are the kernel's own.
  const flags = concatenated([uint32(flagBits(settings)), uint32(ownFlags)])
  const engine = persistence?.engine ?? null
  return [
    IPVS_CMD_ATTR_SERVICE,
    [
      ...identity(at),
      [ATTR_SCHED_NAME, text(scheduler)],
      [ATTR_FLAGS, flags],
      [ATTR_TIMEOUT, uint32(persistence?.seconds ?? 0)],
      // An IPv4 mask in the network's order; for IPv6 the prefix length as a number.
      [ATTR_NETMASK, serviceFamily(at) === 'inet' ? mask(length) : uint32(length)],
      ...(engine === null ? [] : [[ATTR_PE_NAME, text(engine)] as const]),
    ],
  ]
}

const ownFlags = F_PERSISTENT | F_ONEPACKET | (F_SCHED1 * 0b111)

const flagBits = ({ schedulerFlags, persistence, onePacket }: ServiceSettings): number =>
  schedulerFlags.reduce(
    (bits, flag) => bits | (F_SCHED1 << (flag - 1)),
    (persistence === null ? 0 : F_PERSISTENT) | (onePacket ? F_ONEPACKET : 0),
  )

function mask(length: number): Uint8Array {
  const bytes = new Uint8Array(4)
  viewOf(bytes).setUint32(0, length === 0 ? 0 : 0xffffffff << (32 - length))
  return bytes
}

/** The kernel says the same ENOENT of a scheduler and of a persistence engine. */
function refusals({ scheduler, persistence }: ServiceSettings): Advice {
  const engine = persistence?.engine ?? null
  const missing = (what: string, module: string): string =>
    `This kernel has no ${what}: its module ${module} is missing`
  const other = engine === null ? '' : `, or ${missing(`engine "${engine}"`, `ip_vs_pe_${engine}`)}`
  return {
    EEXIST: 'Somebody else has added it meanwhile.',
    ESRCH: 'Somebody else has removed it meanwhile.',
    ENOENT: `${missing(`scheduler "${scheduler}"`, `ip_vs_${scheduler}`)}${other}.`,
    EINVAL: 'Check the prefix length of its persistence, and the names of scheduler and engine.',
  }
}

export type KernelService = {
  readonly at: ServiceAt
  readonly settings: ServiceSettings
  readonly traffic: Traffic
}

const findInMessage = attributeFinder(IPVS_CMD_ATTR_SERVICE)
const findInService = attributeFinder(ATTR_STATS64)

/** Null for protocols that Diarch has no word for. */
export function decodeService({ bytes, view, from, to }: Body): KernelService | null {
  const start = findInMessage(view, from + genericHeaderSize, to)[IPVS_CMD_ATTR_SERVICE] ?? 0
  if (start === 0) return null
  const offsets = findInService(view, start, endOfValue(view, start))
  const value = (type: number): number => offsets[type] ?? 0
  const family = view.getUint16(value(ATTR_AF), true) === AF_INET ? 'inet' : 'inet6'
  const at = decodeAt(bytes, view, family, value)
  if (at === null) return null
  const string = (type: number): string | null =>
    value(type) === 0 ? null : readText(bytes.subarray(value(type), endOfValue(view, value(type))))
  const flags = view.getUint32(value(ATTR_FLAGS), true)
  const persistence: Persistence = {
    seconds: view.getUint32(value(ATTR_TIMEOUT), true),
    prefixLength:
      family === 'inet'
        ? Math.clz32(~view.getUint32(value(ATTR_NETMASK)))
        : view.getUint32(value(ATTR_NETMASK), true),
    engine: string(ATTR_PE_NAME),
  }
  return {
    at,
    settings: {
      scheduler: string(ATTR_SCHED_NAME) ?? 'none',
      schedulerFlags: ([1, 2, 3] as const).filter(flag => flags & (F_SCHED1 << (flag - 1))),
      persistence: (flags & F_PERSISTENT) === 0 ? null : persistence,
      onePacket: (flags & F_ONEPACKET) !== 0,
    },
    traffic: decodeTraffic(view, value(ATTR_STATS64)),
  }
}

function decodeAt(
  bytes: Uint8Array,
  view: DataView,
  family: Family,
  value: (type: number) => number,
): ServiceAt | null {
  if (value(ATTR_FWMARK) !== 0) {
    return { kind: 'mark', family, mark: view.getUint32(value(ATTR_FWMARK), true) }
  }
  const number = view.getUint16(value(ATTR_PROTOCOL), true)
  const protocol = (['tcp', 'udp', 'sctp'] as const).find(name => protocols[name] === number)
  if (protocol === undefined) return null
  return {
    kind: 'address',
    protocol,
    address: readAddress(bytes, value(ATTR_ADDR), family === 'inet' ? 4 : 16),
    port: view.getUint16(value(ATTR_PORT)),
  }
}
