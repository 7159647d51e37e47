import type { RouterConfig } from '../vrrp/router-config.ts'
import { durationText } from './duration-text.ts'
import { isSame } from './same.ts'

export type RouterChanges = {
  readonly untouched: readonly string[]
  readonly changed: readonly RouterChange[]
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

export type RouterChange = {
  readonly name: string
  /** Its name before, when it has another one now. */
  readonly was: string | null
  readonly keys: readonly (keyof RouterConfig)[]
  readonly mastership: Mastership
  /** `30s`: so long a master that works is left alone before it moves. Null: it need not wait. */
  readonly preemptDelay: string | null
}

/**
 * `stays`: nobody takes over because of it. `may-move`: the election may have another winner.
 * `needs-both`: the boxes do not understand each other until the other one has it too, and both may
 * be master meanwhile.
 */
export type Mastership = 'stays' | 'may-move' | 'needs-both'

/** What decides who wins; a source breaks ties. */
const elects: ReadonlySet<string> = new Set<keyof RouterConfig>([
  ...(['priority', 'preempt', 'preemptDelay', 'tracks', 'syncGroup', 'source'] as const),
])

/** What adverts have to look like on both ends. */
const understood: ReadonlySet<string> = new Set<keyof RouterConfig>([
  ...(['version', 'transport', 'authentication', 'checksum'] as const),
])

/** What the ensemble knows a router by: with it the same, its state lives on (ensemble.ts). */
const identity = ({ interface: on, family, vrid }: RouterConfig): string =>
  `${on} ${family} ${vrid}`

export function routerChanges(
  before: readonly RouterConfig[],
  after: readonly RouterConfig[],
): RouterChanges {
  const old = new Map(before.map(each => [identity(each), each]))
  const changes = after.flatMap(config => {
    const was = old.get(identity(config))
    return was === undefined ? [] : [changeOf(was, config)]
  })
  const staying = new Set(after.map(identity))
  return {
    untouched: changes.filter(({ keys }) => keys.length === 0).map(({ name }) => name),
    changed: changes.filter(({ keys }) => keys.length > 0),
    added: after.filter(each => !old.has(identity(each))).map(({ name }) => name),
    removed: before.filter(each => !staying.has(identity(each))).map(({ name }) => name),
  }
}

function changeOf(before: RouterConfig, after: RouterConfig): RouterChange {
  const all = Object.keys(after) as (keyof RouterConfig)[]
  const keys = all.filter(key => !isSame(before[key], after[key]))
  const mastership = mastershipWith(keys, after)
  const { preempt, preemptDelay } = after
  const waits = mastership === 'may-move' && preempt && preemptDelay > 0
  return {
    name: after.name,
    was: before.name === after.name ? null : before.name,
    keys,
    mastership,
    preemptDelay: waits ? durationText(preemptDelay) : null,
  }
}

function mastershipWith(keys: readonly string[], { version }: RouterConfig): Mastership {
  if (keys.some(key => understood.has(key))) return 'needs-both'
  // Version 3 learns the master's interval, version 2 refuses another one (RFC 3768 7.1).
  if (version === 2 && keys.includes('interval')) return 'needs-both'
  return keys.some(key => elects.has(key)) ? 'may-move' : 'stays'
}
