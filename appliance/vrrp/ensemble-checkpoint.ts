/**
 * All that an ensemble knows at one moment, to go on from there in another process: a recording of
 * the last minutes begins with it. What it refers to is never changed in place, so that to take one
 * costs little; it becomes text only when somebody wants to keep it. Secrets are left out.
 */

import type { Duration, Instant } from '../values/duration.ts'
import type { InterfaceSeen } from './ensemble.ts'
import type { EffectivePriority, Verdict } from './priority.ts'
import { configFrom, withoutSecrets } from './recording.ts'
import type { RouterConfig } from './router-config.ts'
import type { Circumstances, RouterState } from './router-state.ts'

export type Checkpoint = {
  readonly routers: readonly RouterAt[]
  /** Null until the kernel was looked at. */
  readonly interfaces: ReadonlyMap<string, InterfaceSeen> | null
  readonly verdicts: ReadonlyMap<string, Verdict>
  readonly impediments: ReadonlyMap<string, string>
  readonly maintenance: string | null
  readonly restraint: string | null
  readonly leastSilence: Duration
  readonly heldBack: string | null
  readonly startedAt: Instant | null
}

export type RouterAt = {
  readonly config: RouterConfig
  readonly state: RouterState
  readonly priority: EffectivePriority
  readonly here: Circumstances
}

export const checkpointText = (checkpoint: Checkpoint): string =>
  JSON.stringify({
    ...checkpoint,
    routers: checkpoint.routers.map(({ config, state, priority, here }) => {
      const { config: _, ...rest } = here
      return { config: withoutSecrets(config), state, priority, here: rest }
    }),
    interfaces: checkpoint.interfaces === null ? null : [...checkpoint.interfaces],
    verdicts: [...checkpoint.verdicts],
    impediments: [...checkpoint.impediments],
  })

/** Checked as far as reading needs it: the text is our own. Null: it is not. */
export function readCheckpoint(text: string): Checkpoint | null {
  try {
    const written = JSON.parse(text)
    const routers = (written.routers as readonly RouterAt[]).map(each => {
      const config = configFrom(each.config)
      if (config === null) throw new Error('no router')
      return { ...each, config, here: { ...each.here, config } }
    })
    return {
      ...written,
      routers,
      interfaces: written.interfaces === null ? null : new Map(written.interfaces),
      verdicts: new Map(written.verdicts),
      impediments: new Map(written.impediments),
    }
  } catch {
    return null
  }
}
