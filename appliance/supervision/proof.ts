import { between, type Duration, type Instant, seconds } from '../values/duration.ts'

/**
 * What proves that the supervisor works, and not only that its loop turns. Generous: an emulated
 * box takes ten times as long as a real one, and the one who is not believed is reset.
 */
export type Proofs = {
  /** When all parts were last looked at. */
  readonly looked: Instant
  /** When a child is next due for something: to be judged, stopped, started. Null: none is. */
  readonly childDue: Instant | null
}

const lookLimit: Duration = seconds(15)
const childLimit: Duration = seconds(10)

/** What has not been done in its time; null: all is well, the watchdog may hear so. */
export function undone({ looked, childDue }: Proofs, now: Instant): string | null {
  const unseen = between(looked, now)
  if (unseen >= lookLimit) return `the last look around was ${whole(unseen)} s ago`
  if (childDue === null) return null
  const late = between(childDue, now)
  return late < childLimit ? null : `a child has been due for ${whole(late)} s`
}

const whole = (length: Duration): number => Math.round(length / seconds(1))
