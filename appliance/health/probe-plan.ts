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
  readonly probes: ReadonlyMap<string, PlannedProbe>
  /** Of each server: the probe of each of its checks, in their order. */
  readonly probesOf: ReadonlyMap<ServerConfig, readonly string[]>
}

/** Servers that are the same objects as in the plan before keep their probes. */
export function planProbes(services: readonly ServiceConfig[], before?: ProbePlan): ProbePlan {
  const probes = new Map<string, PlannedProbe & { readonly services: Set<string> }>()
  const probesOf = new Map<ServerConfig, readonly string[]>()
  const names = namesOfProbes()
  for (const { name, servers } of services) {
    for (const server of servers) {
      const known = before?.probesOf.get(server)
      const ids = server.checks.map(({ check, target }, index) => {
        const earlier = before?.probes.get(known?.[index] ?? '')
        const { id, asks } = earlier ?? names(check, target)
        const probe = probes.get(id) ?? { id, asks, check, target, services: new Set<string>() }
        probe.services.add(name)
        probes.set(id, probe)
        return id
      })
      probesOf.set(server, ids)
    }
  }
  return { probes, probesOf }
}

/** Digests are kept meanwhile: ten thousand servers share a handful of questions. */
function namesOfProbes(): (check: Check, target: Target) => { id: string; asks: string } {
  const digests = new Map<string, string>()
  const digestOf = (value: Question | Pace): string => {
    const written = JSON.stringify(value)
    const found = digests.get(written) ?? digest(canonical(value))
    digests.set(written, found)
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
