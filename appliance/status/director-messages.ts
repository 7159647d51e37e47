import type { Finding } from '../health/check.ts'
import type { Memory } from '../health/memory.ts'
import type { ScriptQuestion, Target } from '../health/question.ts'
import type { Hook, Override } from '../health/service-config.ts'
import type { DirectorNews } from './director-news.ts'
import type { BoxEvent } from './events.ts'
import type { RouterStateName } from './router-status.ts'
import type { DirectorReport, ServiceStatus } from './service-status.ts'

/** What the supervisor and the director tell each other, beside what every child says. */
export type ToDirector =
  | {
      readonly kind: 'configure-director'
      readonly id: number
      readonly config: DirectorNews
      readonly overrides: readonly Override[]
      /** What an earlier run of the process left: a restart is no news about anybody. */
      readonly memory: LeftMemory | null
    }
  | { readonly kind: 'overrides'; readonly overrides: readonly Override[] }
  /** Nothing of ours is to stay in the kernel: the supervisor ends on somebody's own computer. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'router-states'; readonly states: Readonly<Record<string, RouterStateName>> }
  | { readonly kind: 'director-question'; readonly id: number; readonly question: DirectorQuestion }
  | ScriptFound

export type LeftMemory = {
  readonly memory: Memory
  /** What makes its instants those of the kernel's clock. */
  readonly offset: number
}

/** What people ask now and then, and nobody keeps up to date for them. */
export type DirectorQuestion =
  | { readonly ask: 'traffic'; readonly service: string | null }
  /** The last hour: null of all together. */
  | { readonly ask: 'history'; readonly service: string | null }
  /** How many checks there are, and whether they are kept up with. */
  | { readonly ask: 'load' }
  | { readonly ask: 'explain'; readonly server: string }
  | { readonly ask: 'check-now'; readonly server: string | null }
  | { readonly ask: 'connections'; readonly service: string | null; readonly most: number }
  /** Keys of established connections to these addresses. */
  | {
      readonly ask: 'established'
      readonly addresses: readonly string[]
      readonly most: number
    }
  /** How many of these are in the table of this box. */
  | { readonly ask: 'known'; readonly keys: readonly string[] }

export type FromDirector =
  | {
      readonly kind: 'services'
      /** Those that have changed. */
      readonly services: readonly ServiceStatus[]
      /** The names of all, in order. */
      readonly names: readonly string[]
      readonly director: DirectorReport
      readonly events: readonly BoxEvent[]
    }
  | { readonly kind: 'director-answer'; readonly id: number; readonly answer: DirectorAnswer }
  | { readonly kind: 'memory'; readonly memory: LeftMemory }
  | ScriptErrand

/** The director has no right to become another user: `scripts` has, and runs this for it. */
export type ScriptErrand =
  | {
      readonly kind: 'ask-script'
      readonly id: number
      readonly question: ScriptQuestion
      readonly target: Target
      /** Milliseconds; then it is ended, and that is its finding. */
      readonly within: number
    }
  /** Its finding is no longer awaited. */
  | { readonly kind: 'abandon-script'; readonly id: number }
  | {
      readonly kind: 'service-hook'
      /** `shop`, or `shop/web1`. */
      readonly name: string
      readonly state: 'UP' | 'DOWN'
      readonly hook: Hook
    }

export type ScriptFound = {
  readonly kind: 'script-found'
  readonly id: number
  readonly finding: Finding
}

export type DirectorAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly title: string; readonly detail: string }
