import type { Health } from '../health/health.ts'
import type { ServiceConfig } from '../health/service-config.ts'
import type {
  ServiceStatus as Judged,
  ServerStatus as JudgedServer,
} from '../health/service-state.ts'
import { destinationKey } from '../ipvs/service.ts'
import { serviceText } from '../ipvs/service-text.ts'
import { now } from '../linux/monotonic-clock.ts'
import { WallClock } from '../linux/wall-clock.ts'
import type { CheckStatus, ServerStatus, ServiceStatus } from '../status/service-status.ts'

/** The services in the words of the status document, and which of them have changed. */
export class ServiceNews {
  #told = new Map<string, Judged>()
  #missing: string | null = null
  readonly #clock = new WallClock()
  #iso = this.#clock.iso(now())

  /** `missing`: why the kernel has no table. */
  take(configs: readonly ServiceConfig[], health: Health, missing: string | null) {
    if (missing !== this.#missing) this.#told.clear()
    this.#missing = missing
    this.#iso = this.#clock.iso(now())
    const before = this.#told
    this.#told = new Map()
    const services = configs.flatMap(config => {
      const judged = health.status(config.name)
      if (judged === null) return []
      this.#told.set(config.name, judged)
      if (before.get(config.name) === judged) return []
      const shown = this.#shown(config, judged, health)
      return [missing === null ? shown : withoutTable(shown)]
    })
    return { services, names: configs.map(({ name }) => name) }
  }

  #shown(config: ServiceConfig, judged: Judged, health: Health): ServiceStatus {
    const methods = new Map(
      config.servers.map(({ at, settings }) => [destinationKey(at), settings.forwarding.method]),
    )
    return {
      name: config.name,
      state: stateOf(judged),
      since: this.#iso(judged.since),
      why: judged.why,
      at: config.at.map(serviceText),
      scheduler: config.settings.scheduler,
      serving: servingOf(judged),
      weight: judged.upWeight,
      quorum: config.quorum,
      servers: judged.servers.map(server => ({
        ...this.#shownServer(server, health),
        forwarding: methods.get(destinationKey(server.at)) ?? 'nat',
      })),
    }
  }

  #shownServer(server: JudgedServer, health: Health): Omit<ServerStatus, 'forwarding'> {
    return {
      name: server.name,
      address: server.at.address,
      port: server.at.port,
      state: server.state,
      since: this.#iso(server.since),
      why: server.why,
      weight: server.weight,
      explanation: server.explanation,
      checks: server.probes.flatMap(id => this.#check(id, health)),
    }
  }

  #check(id: string, health: Health): CheckStatus[] {
    const found = health.probe(id)
    if (found === null) return []
    const { state, judged, since, why } = found.verdict
    const { name } = found.probe.check
    return [{ name, state: judged ? state : 'unknown', since: this.#iso(since), why }]
  }
}

/** Whatever its servers are: nothing is forwarded to them. */
const withoutTable = (service: ServiceStatus): ServiceStatus => ({
  ...service,
  state: 'down',
  why: 'the kernel of this box has no IPVS: nothing is forwarded',
  serving: 'nobody',
  servers: service.servers.map(server => ({
    ...server,
    weight: null,
    explanation: `not in the table (it would be ${server.explanation})`,
  })),
})

function stateOf({ up, servers }: Judged): ServiceStatus['state'] {
  if (up) return 'up'
  return servers.some(({ state }) => state === 'unknown') ? 'unknown' : 'down'
}

function servingOf({ up, panic, sorryServes, servers }: Judged): ServiceStatus['serving'] {
  if (sorryServes) return 'sorry-server'
  if (panic !== null) return 'all'
  return up && servers.some(({ weight }) => weight !== null && weight > 0) ? 'servers' : 'nobody'
}
