import { type Instant, milliseconds } from '../values/duration.ts'
import type { Member } from '../vrrp/ensemble.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import { markOf, type SaidRouter } from './heartbeat.ts'

const marks = new WeakMap<RouterConfig, number>()

/** Made once: it goes out with every heartbeat. */
export function mark(config: RouterConfig): number {
  const known = marks.get(config) ?? markOf(config.name, config.vrid)
  marks.set(config, known)
  return known
}

/** What our heartbeats say of a router. */
export const saidOf = (
  { config, state, effective, self }: Member,
  lacking: ReadonlyMap<string, string>,
  now: Instant,
): SaidRouter => ({
  mark: mark(config),
  state: state.kind,
  priority: effective,
  owns: state.kind === 'master' && !lacking.has(config.name),
  age: milliseconds(now - state.since),
  address: self,
})
