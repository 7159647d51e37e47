import type { DirectorConfig, ServerConfig, ServiceConfig } from '../health/service-config.ts'
import type { Traffic } from '../ipvs/service.ts'
import type { TrackerStatus } from '../status/document.ts'
import type { RouterStatus } from '../status/router-status.ts'
import type { ServerTraffic, ServiceTraffic } from '../status/service-answers.ts'
import type { ServerStatus, ServiceStatus } from '../status/service-status.ts'
import type { IpAddress } from '../values/ip-address.ts'
import { prefixText } from '../values/prefix.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import type { RouterFacts, ServerFacts, ServiceFacts, Snapshot } from './snapshot.ts'

/** What the supervisor has, from which the agent's snapshot is made. */
export type KnownOfBox = {
  readonly version: string
  readonly hostname: string
  readonly routers: readonly RouterStatus[]
  readonly trackers: readonly TrackerStatus[]
  readonly services: readonly ServiceStatus[]
  readonly traffic: readonly ServiceTraffic[]
  readonly configured: {
    readonly routers: readonly RouterConfig[]
    readonly director: DirectorConfig
    /** Addresses that take nothing but what the services balance. */
    readonly closed: readonly IpAddress[]
  }
}

export function snapshotOf(known: KnownOfBox): Snapshot {
  const { version, hostname, trackers, configured } = known
  const configs = new Map(configured.routers.map(config => [config.name, config]))
  const services = new Map(configured.director.services.map(config => [config.name, config]))
  const traffic = Map.groupBy(known.traffic, ({ service }) => service)
  const closed = new Set<string>(configured.closed)
  return {
    version,
    hostname,
    routers: known.routers.map(router => routerFacts(router, configs.get(router.name), closed)),
    trackers: trackers.map(({ name, state }) => ({ name, state })),
    services: known.services.map(service =>
      serviceFacts(service, services.get(service.name), traffic.get(service.name) ?? []),
    ),
  }
}

function routerFacts(
  router: RouterStatus,
  config: RouterConfig | undefined,
  closed: ReadonlySet<string>,
): RouterFacts {
  const { name, state, vrid, family, version, intervalSeconds, preempt, syncGroup } = router
  const { priority, source, master, counters } = router
  const byAddress = new Map(config?.addresses.map(each => [prefixText(each.prefix), each]))
  return {
    name,
    state,
    interface: router.interface,
    vrid,
    family,
    version,
    intervalSeconds,
    preempt,
    accept: !router.addresses.some(({ address }) => closed.has(address.replace(/\/.*$/, ''))),
    preemptDelaySeconds: (config?.preemptDelay ?? 0) / 1000,
    announceDelaySeconds: (config?.announcing.delay ?? 0) / 1000,
    authentication: config?.authentication.kind ?? 'none',
    group: config?.transport.kind === 'multicast' ? config.transport.group : null,
    syncGroup,
    priority: { effective: priority.effective, configured: priority.configured },
    source,
    master: master?.address ?? null,
    addresses: router.addresses.map(({ address, held }) => {
      const own = byAddress.get(address)
      return {
        address,
        held,
        interface: own?.interface ?? router.interface,
        scope: own?.scope ?? 'global',
        advertised: own?.advertised ?? true,
      }
    }),
    counters,
  }
}

function serviceFacts(
  service: ServiceStatus,
  config: ServiceConfig | undefined,
  traffic: readonly ServiceTraffic[],
): ServiceFacts {
  const { name, scheduler, quorum, state, servers } = service
  const persistence = config?.settings.persistence ?? null
  const servedBy = Map.groupBy(
    traffic.flatMap(each => each.servers),
    each => each.name,
  )
  const byName = new Map(config?.servers.map(each => [each.name, each]))
  return {
    name,
    at: (config?.at ?? []).map(at =>
      at.kind === 'mark' ? { kind: at.kind, mark: at.mark } : { ...at },
    ),
    scheduler,
    persistence: persistence && { seconds: persistence.seconds },
    onePacket: config?.settings.onePacket ?? false,
    up: state === 'up',
    quorum,
    hysteresis: config?.hysteresis ?? 0,
    traffic: sum(traffic.map(each => each.traffic)),
    servers: [
      ...servers.map(each =>
        serverFacts(each, byName.get(each.name), servedBy.get(each.name) ?? []),
      ),
      ...sorryFacts(service, config),
    ],
  }
}

function serverFacts(
  { name, address, port, forwarding, state, weight }: ServerStatus,
  config: ServerConfig | undefined,
  traffic: readonly ServerTraffic[],
): ServerFacts {
  const total = (value: (each: ServerTraffic) => number): number =>
    traffic.reduce((all, each) => all + value(each), 0)
  return {
    name,
    isSorry: false,
    address,
    port,
    forwarding,
    state,
    weight: weight ?? 0,
    upper: config?.settings.upper ?? 0,
    lower: config?.settings.lower ?? 0,
    inhibit: config?.inhibit ?? false,
    active: total(each => each.active),
    inactive: total(each => each.inactive),
    persistent: total(each => each.persistent),
    traffic: sum(traffic.map(each => each.traffic)),
  }
}

/** Nobody asks whether it lives. */
function sorryFacts(
  { serving }: ServiceStatus,
  config: ServiceConfig | undefined,
): readonly ServerFacts[] {
  if (!config?.sorry) return []
  const { at, settings, inhibit } = config.sorry
  return [
    {
      name: 'sorry server',
      isSorry: true,
      ...at,
      forwarding: settings.forwarding.method,
      state: 'up',
      weight: serving === 'sorry-server' ? settings.weight : 0,
      upper: settings.upper,
      lower: settings.lower,
      inhibit,
      active: 0,
      inactive: 0,
      persistent: 0,
      traffic: null,
    },
  ]
}

/** Null: none of them is in the kernel's table. */
function sum(all: readonly (Traffic | null)[]): Traffic | null {
  const [first, ...others] = all.filter(each => each !== null)
  return (
    others.reduce<Traffic | undefined>((total, each) => total && added(total, each), first) ?? null
  )
}

const added = (a: Traffic, b: Traffic): Traffic => ({
  connections: a.connections + b.connections,
  packetsIn: a.packetsIn + b.packetsIn,
  packetsOut: a.packetsOut + b.packetsOut,
  bytesIn: a.bytesIn + b.bytesIn,
  bytesOut: a.bytesOut + b.bytesOut,
  connectionsPerSecond: a.connectionsPerSecond + b.connectionsPerSecond,
  packetsInPerSecond: a.packetsInPerSecond + b.packetsInPerSecond,
  packetsOutPerSecond: a.packetsOutPerSecond + b.packetsOutPerSecond,
  bytesInPerSecond: a.bytesInPerSecond + b.bytesInPerSecond,
  bytesOutPerSecond: a.bytesOutPerSecond + b.bytesOutPerSecond,
})
