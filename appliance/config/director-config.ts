import type { Check as CheckConfig } from '../health/check.ts'
import type {
  DirectorConfig,
  ServerCheck,
  ServerConfig,
  ServiceConfig,
  SyncConfig,
} from '../health/service-config.ts'
import type { DestinationSettings, ServiceSettings } from '../ipvs/service.ts'
import type { Duration } from '../values/duration.ts'
import { checkConfig } from './check-config.ts'
import { checkTargets } from './check-targets.ts'
import { isSame } from './same.ts'
import type { Check, Document, Service } from './schema.ts'
import { wholeCheck } from './whole-check.ts'
import { type WholeServer, type WholeService, wholeServices } from './whole-service.ts'

/**
 * What the director runs on this box, every default resolved, in the order of the document. What is
 * the same as in `before` comes out as the same object.
 */
export function directorConfig(
  document: Document,
  before: DirectorConfig | null = null,
): DirectorConfig {
  const { timeouts } = document.cluster.director
  const checks = new Checks(document, before)
  const earlier = new Map(before?.services.map(each => [each.name, each]))
  return {
    services: wholeServices(document).map(whole => {
      const old = earlier.get(whole.name)
      if (old !== undefined && isMadeOf(old, whole, checks)) return old
      const fresh = serviceConfig(whole, checks)
      const config = old !== undefined && isSame(old, fresh) ? old : fresh
      made.set(config, { whole, checks: checks.usedBy(config) })
      return config
    }),
    sync: syncConfig(document),
    timeouts: {
      tcp: inSeconds(timeouts.tcp),
      tcpFin: inSeconds(timeouts.tcpFin),
      udp: inSeconds(timeouts.udp),
    },
  }
}

type Origin = { readonly whole: WholeService; readonly checks: ReadonlyMap<string, Check> }

const made = new WeakMap<ServiceConfig, Origin>()

function isMadeOf(config: ServiceConfig, whole: WholeService, checks: Checks): boolean {
  const origin = made.get(config)
  if (origin?.whole !== whole) return false
  return [...origin.checks].every(([name, check]) => isSame(check, checks.of(name).check))
}

const inSeconds = (time: Duration | null): number | null => time && time / 1000

/** Each is made once, however many servers have it. */
class Checks {
  readonly #document: Document
  readonly #before: ReadonlyMap<string, CheckConfig>
  readonly #made = new Map<string, { readonly check: Check; readonly config: CheckConfig }>()

  constructor(document: Document, before: DirectorConfig | null) {
    this.#document = document
    this.#before = checksOf(before)
  }

  of(name: string): { readonly check: Check; readonly config: CheckConfig } {
    const made = this.#made.get(name)
    if (made !== undefined) return made
    const check = wholeCheck(this.#document, name)
    if (check === undefined) throw new TypeError(`there is no check ${name}`)
    const [old, fresh] = [this.#before.get(name), checkConfig(name, check)]
    const found = { check, config: old !== undefined && isSame(old, fresh) ? old : fresh }
    this.#made.set(name, found)
    return found
  }

  usedBy(service: ServiceConfig): ReadonlyMap<string, Check> {
    return new Map([...checksUsedBy(service)].map(({ name }) => [name, this.of(name).check]))
  }
}

/** By name. */
export function checksOf(config: DirectorConfig | null): ReadonlyMap<string, CheckConfig> {
  const all = config?.services.flatMap(service => [...checksUsedBy(service)]) ?? []
  return new Map(all.map(check => [check.name, check]))
}

const used = new WeakMap<ServiceConfig, ReadonlySet<CheckConfig>>()

/** Kept: of ten thousand servers few change from one document to the next. */
function checksUsedBy(service: ServiceConfig): ReadonlySet<CheckConfig> {
  const known = used.get(service)
  if (known !== undefined) return known
  const found = new Set(service.servers.flatMap(({ checks }) => checks.map(({ check }) => check)))
  used.set(service, found)
  return found
}

function serviceConfig(whole: WholeService, checks: Checks): ServiceConfig {
  const { name, service, endpoints, servers, sorry } = whole
  const { quorum, hysteresis, slowStart, drainLimit } = service
  return {
    name,
    at: endpoints.map(({ at }) => at),
    settings: settings(whole),
    servers: servers.map(server => serverConfig(server, whole, checks)),
    sorry: sorry && {
      at: sorry.at,
      settings: { forwarding: sorry.forwarding, weight: 1, upper: 0, lower: 0 },
      inhibit: sorry.inhibit,
    },
    quorum,
    hysteresis,
    onUp: service.notifyUp,
    onDown: service.notifyDown,
    panicBelow: service.panicBelow / 100,
    slowStart,
    drainLimit,
  }
}

/** The kernel's numbers for them (IP_VS_SVC_F_SCHED_SH_FALLBACK and so on, linux/ip_vs.h). */
const flagNumber = { 'sh-fallback': 1, 'sh-port': 2, 'mh-fallback': 1, 'mh-port': 2 } as const

function settings({ service, endpoints }: WholeService): ServiceSettings {
  const { scheduler, schedulerFlags, onePacket } = service
  return {
    scheduler,
    schedulerFlags: [...new Set(schedulerFlags.map(flag => flagNumber[flag]))].sort(),
    persistence: persistence(service.persistence, endpoints[0]?.family === 'inet6' ? 128 : 32),
    onePacket,
  }
}

function persistence(
  written: Service['persistence'],
  whole: number,
): ServiceSettings['persistence'] {
  if (written === null) return null
  const prefixLength = ('granularity' in written ? written.granularity : undefined) ?? whole
  return { seconds: written.time / 1000, prefixLength, engine: written.engine }
}

function serverConfig(whole: WholeServer, of: WholeService, checks: Checks): ServerConfig {
  const { name, at, forwarding, server, inhibit, uses } = whole
  const { weight, upper, lower, notifyUp, notifyDown } = server
  const given: DestinationSettings = { forwarding, weight, upper, lower }
  return {
    name,
    at,
    settings: given,
    checks: uses.flatMap((each): readonly ServerCheck[] => {
      const { check, config } = checks.of(each.use.check)
      const { weight: added, reverse = false } = each.use
      return checkTargets(check, each, whole, of.endpoints).map(target => ({
        check: config,
        target,
        weight: added,
        reverse,
      }))
    }),
    inhibit,
    onUp: notifyUp,
    onDown: notifyDown,
  }
}

function syncConfig({ cluster, node }: Document): SyncConfig | null {
  const { sync } = cluster.director
  if (sync === null) return null
  const { id, group, port, ttl, mostBytes, channels, router, settle } = sync
  const way = node.director.sync?.interface ?? sync.interface
  if (way === undefined) throw new TypeError('the connection sync has no interface')
  return {
    interface: way,
    id,
    group: group ?? null,
    port: port ?? null,
    ttl,
    maxLength: mostBytes ?? null,
    channels,
    router,
    settle,
  }
}
