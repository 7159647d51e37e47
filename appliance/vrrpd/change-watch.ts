import type { RouterStateName } from '../status/router-status.ts'
import type { Member } from '../vrrp/ensemble.ts'
import { stateNames } from '../vrrp/snapshot.ts'
import type { RouterEvent } from '../vrrp/tracker-messages.ts'

type Known = { readonly state: RouterEvent['state']; readonly priority: number }

/** Finds what has changed since the last look, for the scripts that want to hear of it. */
export class ChangeWatch {
  #routers = new Map<string, Known>()
  #groups = new Map<string, Known>()

  changes(members: readonly Member[], at: string): readonly RouterEvent[] {
    const routers = new Map(
      members.map(({ config, state, effective }) => {
        return [config.name, { state: told(stateNames[state.kind]), priority: effective }]
      }),
    )
    const groups = groupsOf(members)
    const events = [
      ...differences('router', this.#routers, routers, at),
      ...differences('group', this.#groups, groups, at),
    ]
    this.#routers = routers
    this.#groups = groups
    return events
  }
}

function groupsOf(members: readonly Member[]): Map<string, Known> {
  const groups = new Map<string, Known>()
  for (const name of new Set(members.map(({ config }) => config.syncGroup))) {
    if (name === null) continue
    const own = members.filter(({ config }) => config.syncGroup === name)
    const states = own.map(({ state }) => told(stateNames[state.kind]))
    groups.set(name, { state: stateOfGroup(states), priority: own[0]?.effective ?? 0 })
  }
  return groups
}

/** All master or none; and what is a fault of one is a fault of all. */
function stateOfGroup(states: readonly RouterEvent['state'][]): RouterEvent['state'] {
  if (states.every(state => state === 'MASTER')) return 'MASTER'
  for (const state of ['STOP', 'FAULT'] as const) if (states.includes(state)) return state
  return 'BACKUP'
}

const told = (state: RouterStateName): RouterEvent['state'] => (state === 'INIT' ? 'STOP' : state)

function differences(
  of: RouterEvent['of'],
  before: ReadonlyMap<string, Known>,
  now: ReadonlyMap<string, Known>,
  at: string,
): RouterEvent[] {
  return [...now].flatMap(([name, { state, priority }]): RouterEvent[] => {
    const known = before.get(name)
    // A router that waits for its start has never been anything else.
    if (known === undefined && state === 'STOP') return []
    if (known?.state !== state) return [{ of, name, what: 'state', state, priority, at }]
    if (known.priority !== priority) return [{ of, name, what: 'priority', state, priority, at }]
    return []
  })
}
