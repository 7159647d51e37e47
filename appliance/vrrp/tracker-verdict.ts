import { type Duration, type Instant, seconds } from '../values/duration.ts'
import type { ScriptTracker } from './tracker-config.ts'

/** The result of one look. */
export type Finding = { readonly ok: boolean; readonly why: string }

/** What a row of findings makes of a tracker. */
export type Judgement = {
  readonly state: 'up' | 'down' | 'unknown'
  /** Of a finding that agrees with the state. */
  readonly why: string
  /** Null: nothing was found yet. */
  readonly whyAt: Instant | null
  /** Findings in a row that do not agree with the state. */
  readonly against: number
}

/** Reasons that differ every time (a date, a load) are news only so often. */
const pause: Duration = seconds(10)

const before = {
  unknown: 'no result yet',
  up: 'taken as up until it is found to be down',
  down: 'taken as down until it is found to be up',
} as const

export const firstJudgement = (initially: Judgement['state']): Judgement => ({
  state: initially,
  why: before[initially],
  whyAt: null,
  against: 0,
})

/** The first finding decides alone; after it, it takes `rise` or `fall` of them in a row. */
export function judge(
  judgement: Judgement,
  finding: Finding,
  { rise, fall }: Pick<ScriptTracker, 'rise' | 'fall'>,
  now: Instant,
): Judgement {
  const found = finding.ok ? 'up' : 'down'
  const { state, why, whyAt } = judgement
  if (state === found) {
    const isOld = whyAt === null || now - whyAt >= pause
    if (isOld && finding.why !== why) return { state, why: finding.why, whyAt: now, against: 0 }
    return { ...judgement, against: 0 }
  }
  const against = judgement.against + 1
  const needed = state === 'unknown' ? 1 : finding.ok ? rise : fall
  if (against < needed) return { ...judgement, against }
  return { state: found, why: finding.why, whyAt: now, against: 0 }
}
