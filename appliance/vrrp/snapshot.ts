import type { RouterCounters, RouterStateName, RouterStatus } from '../status/router-status.ts'
import { between, type Instant } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import { prefixText } from '../values/prefix.ts'
import type { Member } from './ensemble.ts'
import type { RouterState } from './router-state.ts'

export const stateNames: Readonly<Record<RouterState['kind'], RouterStateName>> = {
  initialize: 'INIT',
  backup: 'BACKUP',
  master: 'MASTER',
  fault: 'FAULT',
}

/** What only the shell knows of a router. */
export type Outside = {
  readonly now: Instant
  readonly iso: (moment: Instant) => string
  readonly counters: RouterCounters
  /** The addresses that the kernel has. */
  readonly held: ReadonlySet<IpAddress>
}

export function routerStatus(member: Member, outside: Outside): RouterStatus {
  const { config, state, self } = member
  const { iso, now, counters, held } = outside
  return {
    name: config.name,
    state: stateNames[state.kind],
    since: iso(state.since),
    why: state.why,
    interface: config.interface,
    vrid: config.vrid,
    family: config.family,
    version: config.version,
    intervalSeconds: config.interval / 1000,
    preempt: config.preempt,
    syncGroup: config.syncGroup,
    priority: priorityOf(member),
    source: self,
    master: masterOf(state, iso),
    expectsMasterInSeconds: secondsUntil(member.promotesAt, now),
    addresses: config.addresses.map(({ prefix }) => ({
      address: prefixText(prefix),
      held: held.has(prefix.address),
    })),
    counters,
  }
}

function priorityOf({ config, priority, effective }: Member): RouterStatus['priority'] {
  const inGroup =
    effective === priority.value ? '' : `, ${effective} in sync group ${config.syncGroup}`
  const explanation = `${priority.explanation}${inGroup}`
  return { effective, configured: config.priority, explanation }
}

function masterOf(state: RouterState, iso: Outside['iso']): RouterStatus['master'] {
  if (state.kind !== 'backup' || state.master === null || state.masterSince === null) return null
  const { address, priority } = state.master
  return { address, priority, since: iso(state.masterSince) }
}

const secondsUntil = (moment: Instant | null, now: Instant): number | null =>
  moment === null ? null : Math.max(0, between(now, moment)) / 1000
