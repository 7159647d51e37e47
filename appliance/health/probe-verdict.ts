import { after, type Duration, type Instant } from '../values/duration.ts'
import type { FailureReason, Finding, Pace, WeightWord } from './check.ts'

/** What a row of findings makes of a probe. */
export type ProbeVerdict = {
  readonly state: 'up' | 'down'
  /** False: nothing was found yet, the state is what it is taken as. */
  readonly judged: boolean
  readonly since: Instant
  readonly why: string
  /** Findings in a row that do not agree with the state. */
  readonly against: number
  /** The reason that all of them had; null: they had several. */
  readonly reason: FailureReason | null
  /** What the last passed finding said. */
  readonly weight: WeightWord | null
  /** When it changed lately: no more than damping needs to know. */
  readonly changes: readonly Instant[]
  /** It changed too often, and is not believed before then; null: it is. */
  readonly heldUntil: Instant | null
  /** The newest last. */
  readonly history: readonly Sample[]
}

export type Sample = {
  readonly at: Instant
  /** Null: it was never asked, it told by itself. */
  readonly took: Duration | null
  readonly reason: FailureReason | null
  readonly why: string
}

export const historyLimit = 16

export const takenAs = (state: 'up' | 'down', why: string, now: Instant): ProbeVerdict => ({
  state,
  judged: false,
  since: now,
  why,
  against: 0,
  reason: null,
  weight: null,
  changes: [],
  heldUntil: null,
  history: [],
})

/** Without a word from before. */
export const firstVerdict = ({ initially }: Pace, now: Instant): ProbeVerdict =>
  takenAs(initially, initially === 'up' ? 'taken as up until it fails' : 'no result yet', now)

type Rules = Pick<Pace, 'rise' | 'fall' | 'damping'>

/**
 * What is down because nothing was found yet is up with the first finding that passes; then it
 * takes `rise` or `fall` of them in a row.
 */
export function judge(
  verdict: ProbeVerdict,
  finding: Finding,
  took: Duration | null,
  rules: Rules,
  now: Instant,
): ProbeVerdict {
  const passed = finding.kind === 'passed'
  const reason = passed ? null : finding.reason
  const history = [
    ...verdict.history.slice(1 - historyLimit),
    { at: now, took, reason, why: finding.why },
  ]
  const weight = passed ? finding.weight : verdict.weight
  const seen: ProbeVerdict = { ...verdict, judged: true, weight, history }
  if (verdict.state === 'up') {
    if (passed) return agreed(verdict.judged ? seen : { ...seen, why: finding.why })
    return fails(seen, finding, rules, now)
  }
  if (!passed) return failsAgain(verdict, seen, finding, rules, now)
  return passes(verdict, seen, finding, rules, now)
}

/** Asked again after `retryInterval` instead of `interval`. */
export const isInDoubt = ({ against, heldUntil }: ProbeVerdict): boolean =>
  against > 0 && heldUntil === null

const agreed = (seen: ProbeVerdict): ProbeVerdict => ({ ...seen, against: 0, reason: null })

type Failed = Extract<Finding, { kind: 'failed' }>
type Passed = Extract<Finding, { kind: 'passed' }>

function fails(seen: ProbeVerdict, finding: Failed, rules: Rules, now: Instant): ProbeVerdict {
  const against = seen.against + 1
  const reason = against === 1 || seen.reason === finding.reason ? finding.reason : null
  if (against < rules.fall) return { ...seen, against, reason }
  const why = failureText(against, reason, finding.why)
  return changed({ ...seen, state: 'down', why }, rules, now)
}

function failsAgain(
  verdict: ProbeVerdict,
  seen: ProbeVerdict,
  finding: Failed,
  rules: Rules,
  now: Instant,
): ProbeVerdict {
  const { damping } = rules
  if (verdict.heldUntil !== null && damping !== null) {
    return agreed({ ...seen, heldUntil: after(now, damping.hold) })
  }
  // News is a failure of another kind, not the same one with another number in it.
  const last = verdict.history.at(-1)?.reason ?? finding.reason
  const news = !verdict.judged || last !== finding.reason
  return agreed(news ? { ...seen, why: finding.why } : seen)
}

function passes(
  verdict: ProbeVerdict,
  seen: ProbeVerdict,
  finding: Passed,
  rules: Rules,
  now: Instant,
): ProbeVerdict {
  const against = verdict.against + 1
  const risen = !verdict.judged || against >= rules.rise
  if (!risen || (verdict.heldUntil !== null && now < verdict.heldUntil)) return { ...seen, against }
  if (!verdict.judged) return agreed({ ...seen, state: 'up', since: now, why: finding.why })
  if (verdict.heldUntil !== null) {
    const why = `${finding.why}, and no failure while it was held down`
    return agreed({ ...seen, state: 'up', since: now, why, heldUntil: null, changes: [] })
  }
  return changed({ ...seen, state: 'up', why: passText(against, finding.why) }, rules, now)
}

/** Where the change is one too many, it is down, whatever it changed to. */
function changed(to: ProbeVerdict, { damping }: Rules, now: Instant): ProbeVerdict {
  const settled = agreed({ ...to, since: now })
  if (damping === null) return settled
  const recent = [...to.changes.filter(at => now - at < damping.within), now]
  if (recent.length < damping.changes) return { ...settled, changes: recent }
  const much = `${recent.length} changes within ${text(damping.within)}`
  const end = `up again after ${text(damping.hold)} without a failure`
  const why = `held down: ${much}, ${end}; the last: ${to.why}`
  const since = to.state === 'up' ? to.since : now
  return { ...settled, state: 'down', why, since, changes: [], heldUntil: after(now, damping.hold) }
}

const text = (duration: Duration): string => `${duration / 1000} s`

const words: Readonly<Record<FailureReason, string>> = {
  refused: 'refused',
  timeout: 'timed out',
  unreachable: 'did not reach it',
  closed: 'were cut off',
  'wrong-answer': 'got a wrong answer',
  tls: 'failed in TLS',
  denied: 'were denied',
  'cannot-ask': 'could not be made',
}

function failureText(count: number, reason: FailureReason | null, why: string): string {
  if (count === 1) return why
  const failed = reason === null ? 'failed, the last' : words[reason]
  return `${count} of ${count} checks ${failed}: ${why}`
}

const passText = (count: number, why: string): string =>
  count === 1 ? why : `${count} of ${count} checks passed: ${why}`

/** Of what passed lately; null: nothing did. */
export function latency(
  history: readonly Sample[],
): { readonly last: Duration; readonly median: Duration; readonly longest: Duration } | null {
  const took = history.flatMap(each =>
    each.reason === null && each.took !== null ? [each.took] : [],
  )
  const sorted = took.toSorted((a, b) => a - b)
  const [last, median, longest] = [took.at(-1), sorted[sorted.length >> 1], sorted.at(-1)]
  if (last === undefined || median === undefined || longest === undefined) return null
  return { last, median, longest }
}

/** `down since 12:03: 3 of 3 checks refused: connection refused` */
export const verdictText = (
  { state, since, why }: Pick<ProbeVerdict, 'state' | 'since' | 'why'>,
  clock: (moment: Instant) => string,
): string => `${state} since ${clock(since)}: ${why}`

/** To those who use it: its history and its counts are its own business. */
export const saysTheSame = (a: ProbeVerdict, b: ProbeVerdict): boolean =>
  a.state === b.state &&
  a.judged === b.judged &&
  a.why === b.why &&
  a.weight?.kind === b.weight?.kind &&
  a.weight?.value === b.weight?.value
