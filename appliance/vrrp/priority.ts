import type { RouterConfig, Track } from './router-config.ts'

/** What a tracker says of what it watches. */
export type Verdict = {
  /** `unknown` until the first result: it changes nothing. */
  readonly state: 'up' | 'down' | 'unknown'
  /** Of a tracked file: multiplied with the weight. */
  readonly number: number | null
  readonly why: string
}

export type EffectivePriority = {
  readonly value: number
  readonly faults: readonly string[]
  /** As in `100 - 30 check_nginx = 70`. */
  readonly explanation: string
}

const lowest = 1
const highest = 254
/** keepalived: a file whose number takes more than this away is a FAULT. */
const mostTaken = 253

/** What the trackers make of the priority that is configured. */
export function effectivePriority(
  { priority, tracks }: Pick<RouterConfig, 'priority' | 'tracks'>,
  verdicts: ReadonlyMap<string, Verdict>,
): EffectivePriority {
  const owner = priority === 255
  const faults: string[] = []
  const terms: { readonly amount: number; readonly tracker: string }[] = []
  for (const track of tracks) {
    const verdict = verdicts.get(track.tracker)
    if (verdict === undefined || verdict.state === 'unknown') continue
    if (track.weight === null) {
      if (isUp(track, verdict)) continue
      faults.push(`${track.tracker} is ${verdict.state}: ${verdict.why}`)
      continue
    }
    const amount = adjustment(track, track.weight, verdict)
    if (amount !== 0) terms.push({ amount, tracker: track.tracker })
    if (verdict.number !== null && amount < -mostTaken && !owner) {
      faults.push(`${track.tracker} takes ${-amount}, more than ${mostTaken}: ${verdict.why}`)
    }
  }
  const sum = terms.reduce((total, { amount }) => total + amount, priority)
  const value = owner ? 255 : Math.min(highest, Math.max(lowest, sum))
  return { value, faults, explanation: explain(priority, terms, sum, value, owner) }
}

const isUp = ({ reverse }: Track, { state }: Verdict): boolean => (state === 'up') !== reverse

function adjustment(track: Track, weight: number, verdict: Verdict): number {
  if (verdict.number !== null) return verdict.number * (track.reverse ? -weight : weight)
  // Above 0 it is a reward for being up, below 0 a punishment for being down.
  return isUp(track, verdict) === weight > 0 ? weight : 0
}

function explain(
  base: number,
  terms: readonly { readonly amount: number; readonly tracker: string }[],
  sum: number,
  value: number,
  owner: boolean,
): string {
  if (owner) return terms.length === 0 ? '255' : '255: an address owner is not changed by trackers'
  if (terms.length === 0) return String(value)
  const parts = terms.map(
    ({ amount, tracker }) => `${amount < 0 ? '-' : '+'} ${Math.abs(amount)} ${tracker}`,
  )
  const clamped = sum === value ? '' : `, held to ${value}`
  return `${base} ${parts.join(' ')} = ${sum}${clamped}`
}
