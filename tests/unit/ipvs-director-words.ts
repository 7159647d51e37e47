import type {
  DirectorConfig,
  ServerConfig,
  ServiceConfig,
} from '../../appliance/health/service-config.ts'
import type { Forwarding, ServiceAt } from '../../appliance/ipvs/service.ts'
import { seconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { type Prefix, parsePrefix } from '../../appliance/values/prefix.ts'

/** Configurations of a director in few words: what is not said is plain. */

export const prefix = (text: string): Prefix => parsePrefix(text)!

export const tcp = (address: string, port: number): ServiceAt => ({
  kind: 'address',
  protocol: 'tcp',
  address: ipAddress(address),
  port,
})

const forwardings: Readonly<Record<Forwarding['method'], Forwarding>> = {
  nat: { method: 'nat' },
  direct: { method: 'direct' },
  tunnel: { method: 'tunnel', tunnel: { type: 'ipip' } },
}

export const server = (
  address: string,
  port: number,
  method: Forwarding['method'],
): ServerConfig => ({
  name: address,
  at: { address: ipAddress(address), port },
  settings: { forwarding: forwardings[method], weight: 1, upper: 0, lower: 0 },
  checks: [],
  inhibit: false,
  onUp: null,
  onDown: null,
})

export const service = (
  at: readonly ServiceAt[],
  servers: readonly ServerConfig[],
  settings: Partial<ServiceConfig['settings']> = {},
): ServiceConfig => ({
  name: 'web',
  at,
  settings: {
    scheduler: 'rr',
    schedulerFlags: [],
    persistence: null,
    onePacket: false,
    ...settings,
  },
  servers,
  sorry: null,
  quorum: 1,
  hysteresis: 0,
  onUp: null,
  onDown: null,
  panicBelow: 0,
  slowStart: null,
  drainLimit: seconds(60),
})

export const director = (
  services: readonly ServiceConfig[],
  sync: DirectorConfig['sync'] = null,
): DirectorConfig => ({
  services,
  sync,
  timeouts: { tcp: null, tcpFin: null, udp: null },
})

export const someSync: DirectorConfig['sync'] = {
  interface: 'eth0',
  id: 1,
  group: null,
  port: null,
  ttl: 1,
  maxLength: null,
  channels: 1,
  router: null,
  settle: seconds(1),
}
