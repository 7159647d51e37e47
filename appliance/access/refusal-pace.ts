import { between, type Instant, seconds } from '../values/duration.ts'

/**
 * How many refusals of one caller are written down: a flood of them is to wear out no disk, and to
 * push nothing else out of the record.
 */
export type RefusalPace = { readonly left: number; readonly at: Instant; readonly missed: number }

const atOnce = 20
const oneMoreIn = seconds(6)

export const calmRefusals = (now: Instant): RefusalPace => ({ left: atOnce, at: now, missed: 0 })

export type Noted = {
  readonly pace: RefusalPace
  /** Null: it is one too many. Else how many before it were. */
  readonly missed: number | null
}

export function note(pace: RefusalPace, now: Instant): Noted {
  const left = Math.min(atOnce, pace.left + between(pace.at, now) / oneMoreIn)
  if (left < 1) return { pace: { left, at: now, missed: pace.missed + 1 }, missed: null }
  return { pace: { left: left - 1, at: now, missed: 0 }, missed: pace.missed }
}
