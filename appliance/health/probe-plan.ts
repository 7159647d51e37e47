/**
 * Which probes a configuration needs. What is asked of whom, and how often, is one probe, however
 * many services want to know: keepalived asks the same server once for each of them.
 */

import { canonical } from '../values/canonical.ts'
import type { Check, Pace, Probe } from './check.ts'
import type { Question, Target } from './question.ts'
import type { ServerConfig, ServiceConfig } from './service-config.ts'

export type PlannedProbe = Probe & {
  /** The id without the pace: who only asks more often still asks the same. */
  readonly asks: string
  /** The services that want to know, by name. */
  readonly services: ReadonlySet<string>
}

export type ProbePlan = {
  readonly services: ReadonlySet<ServiceConfig>
  readonly probes: ReadonlyMap<string, PlannedProbe>
  /**
   * Of each server: the probe of each of its checks, in their order. It follows from the server
   * alone, so each plan adds to what the one before it knows.
   */
  readonly probesOf: WeakMap<ServerConfig, readonly string[]>
}

export const nothingPlanned: ProbePlan = {
  services: new Set(),
  probes: new Map(),
  probesOf: new WeakMap(),
}

/** Of services that are the same objects as in the plan before nothing is planned again. */
export function planProbes(
  services: readonly ServiceConfig[],
  before: ProbePlan = nothingPlanned,
): ProbePlan {
  const after = new Set(services)
  const { probesOf } = before
  const probes = new ChangedProbes(before.probes)
  for (const { name, servers } of without(before.services, after)) {
    for (const id of servers.flatMap(server => probesOf.get(server) ?? [])) probes.leave(id, name)
  }
  const names = namesOfProbes()
  for (const { name, servers } of without(after, before.services)) {
    for (const server of servers) {
      const asked = server.checks.map(({ check, target }) => {
        return { ...names(check, target), check, target }
      })
      for (const probe of asked) probes.enter(probe, name)
      probesOf.set(
        server,
        asked.map(({ id }) => id),
      )
    }
  }
  return { services: after, probes: probes.all(), probesOf }
}

const without = (all: ReadonlySet<ServiceConfig>, others: ReadonlySet<ServiceConfig>) =>
  [...all].filter(each => !others.has(each))

/** Whether the same probes run after one plan as after the other. */
export const asksTheSame = (a: ProbePlan, b: ProbePlan): boolean =>
  a.probes.size === b.probes.size && [...a.probes.keys()].every(id => b.probes.has(id))

/** The probes of an earlier plan, of which a few change. */
class ChangedProbes {
  readonly #all: Map<string, PlannedProbe>
  /** Of those that change: services that want to know. */
  readonly #services = new Map<string, Set<string>>()

  constructor(before: ProbePlan['probes']) {
    this.#all = new Map(before)
  }

  leave(id: string, service: string): void {
    this.#servicesOf(id).delete(service)
  }

  enter(probe: Omit<PlannedProbe, 'services'>, service: string): void {
    const services = this.#servicesOf(probe.id)
    // The one that nobody wants any more may have had its check by another name.
    if (services.size === 0) this.#all.set(probe.id, { ...probe, services })
    services.add(service)
  }

  all(): ProbePlan['probes'] {
    for (const [id, services] of this.#services) {
      if (services.size === 0) this.#all.delete(id)
    }
    return this.#all
  }

  /** A copy: the earlier plan stays as it is. */
  #servicesOf(id: string): Set<string> {
    const known = this.#services.get(id)
    if (known !== undefined) return known
    const probe = this.#all.get(id)
    const services = new Set(probe?.services)
    this.#services.set(id, services)
    if (probe !== undefined) this.#all.set(id, { ...probe, services })
    return services
  }
}

/** Digests are kept meanwhile: ten thousand servers share a handful of questions. */
function namesOfProbes(): (check: Check, target: Target) => { id: string; asks: string } {
  const digests = new Map<Question | Pace, string>()
  const digestOf = (value: Question | Pace): string => {
    const found = digests.get(value) ?? digest(canonical(value))
    digests.set(value, found)
    return found
  }
  return ({ question, pace }, target) => {
    const label = `${question.kind} ${target.address}${portText(target)}`
    const asks = `${label} ${digest(digestOf(question) + targetText(target))}`
    return { id: `${asks}-${digestOf(pace).slice(-4)}`, asks }
  }
}

const targetText = ({ address, port, through, source, interface: name, mark }: Target): string =>
  [address, port, through, source, name, mark].join(' ')

const portText = ({ address, port }: Target): string =>
  port === null ? '' : address.includes(':') ? ` ${port}` : `:${port}`

/** FNV-1a, twice with different starts: 64 bits, the same in every process. */
function digest(text: string): string {
  let [a, b] = [0x811c9dc5, 0x1b873593]
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca6b)
    b ^= b >>> 13
  }
  return (a >>> 0).toString(36).padStart(7, '0') + (b >>> 0).toString(36).padStart(7, '0')
}
