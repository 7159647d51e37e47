import type { Check } from '../health/check.ts'
import type {
  DirectorConfig,
  ServerCheck,
  ServerConfig,
  ServiceConfig,
} from '../health/service-config.ts'

/**
 * What a director has to hear of its configuration. Of ten thousand servers few change, and what it
 * has already is not said again; the check that they share is said once.
 */
export type DirectorNews = Omit<DirectorConfig, 'services'> & {
  readonly services: readonly SaidService[]
  readonly checks: readonly Check[]
  /** The names of all services, in order. */
  readonly names: readonly string[]
}

type SaidService = Omit<ServiceConfig, 'servers'> & { readonly servers: readonly SaidServer[] }
type SaidServer = Omit<ServerConfig, 'checks'> & { readonly checks: readonly SaidCheck[] }
/** `check`: its place in `checks`. */
type SaidCheck = Omit<ServerCheck, 'check'> & { readonly check: number }

/** Null: the director has just been started. */
export function newsSince(told: DirectorConfig | null, config: DirectorConfig): DirectorNews {
  const known = new Set(told?.services)
  const places = new Map<Check, number>()
  const said = (one: ServerCheck): SaidCheck => {
    const place = places.get(one.check) ?? places.size
    places.set(one.check, place)
    return { ...one, check: place }
  }
  return {
    ...config,
    services: config.services
      .filter(service => !known.has(service))
      .map(service => ({
        ...service,
        servers: service.servers.map(one => ({ ...one, checks: one.checks.map(said) })),
      })),
    checks: [...places.keys()],
    names: config.services.map(({ name }) => name),
  }
}

/** What was not said anew is the same objects as before. */
export function configAfter(before: DirectorConfig, news: DirectorNews): DirectorConfig {
  const { services, checks, names, ...rest } = news
  const heard = ({ check: place, ...one }: SaidCheck): ServerCheck => {
    const check = checks[place]
    if (check === undefined) throw new TypeError(`no check ${place} was said`)
    return { check, ...one }
  }
  const known = new Map(before.services.map(service => [service.name, service]))
  for (const service of services) {
    known.set(service.name, {
      ...service,
      servers: service.servers.map(one => ({ ...one, checks: one.checks.map(heard) })),
    })
  }
  return { ...rest, services: names.flatMap(name => known.get(name) ?? []) }
}
