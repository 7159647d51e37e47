import { after, type Duration, type Instant, seconds } from '../values/duration.ts'
import type { Weight } from './server-weight.ts'

/** None is shorter than a second: each is a change of the kernel's table. */
const steps = 10
const shortest: Duration = seconds(1)

export type Ramped = {
  readonly weight: Weight
  /** When it gets more; null: it has all. */
  readonly nextAt: Instant | null
}

/** The part of its weight that a server has, so long after it came up; never 0 of something. */
export function ramped(
  full: Weight,
  slowStart: Duration | null,
  from: Instant | null,
  now: Instant,
): Ramped {
  if (slowStart === null || from === null) return { weight: full, nextAt: null }
  const count = Math.max(1, Math.min(steps, Math.floor(slowStart / shortest)))
  const step = slowStart / count
  // A step's own moment is the next one's beginning, whatever rounding makes of a clock of years.
  const taken = Math.floor((now - from) / step + 1e-6) + 1
  if (taken > count) return { weight: full, nextAt: null }
  const percent = Math.round((taken / (count + 1)) * 100)
  const nextAt = after(from, (taken * step) as Duration)
  if (full.value === 0) return { weight: full, nextAt }
  const value = Math.ceil((full.value * percent) / 100)
  const explanation = `${full.explanation}, slow start: ${percent} % of ${full.value} is ${value}`
  return { weight: { value, explanation }, nextAt }
}
