import { type Outcome, simulate } from './simulation.ts'
import type { Options } from './world.ts'

/** Seeds `from`, `from + 1`, ... */
export type Batch = { readonly from: number; readonly count: number }

export type BatchReport = {
  readonly batch: Batch
  /** With the first invariant that did not hold; the batch ends with it. */
  readonly failed: { readonly seed: number; readonly violation: string } | null
  /** What happened: in how many runs, and how often. */
  readonly seen: ReadonlyMap<string, Seen>
  readonly digest: number
  /** Virtual time, in milliseconds. */
  readonly lasted: number
}

export type Seen = { readonly runs: number; readonly times: number }

/** Every so manieth seed runs twice. */
const twiceEvery = 40

export function runBatch(batch: Batch, options: Partial<Options> = {}): BatchReport {
  const seen = new Map<string, Seen>()
  let digest = 0
  let lasted = 0
  for (let seed = batch.from; seed < batch.from + batch.count; seed++) {
    const outcome = outcomeOf(seed, options)
    digest = (digest ^ outcome.digest) >>> 0
    lasted += outcome.lasted
    for (const [what, times] of outcome.tally) {
      const before = seen.get(what) ?? { runs: 0, times: 0 }
      seen.set(what, { runs: before.runs + 1, times: before.times + times })
    }
    const { violation } = outcome
    if (violation !== null) return { batch, failed: { seed, violation }, seen, digest, lasted }
  }
  return { batch, failed: null, seen, digest, lasted }
}

const outcomeOf = (seed: number, options: Partial<Options>): Outcome =>
  seed % twiceEvery === 0
    ? sameAgain(seed, log => simulate(seed, { ...options, log }))
    : simulate(seed, options)

/** The same seed makes the same run; where it does not, the first line that differs is named. */
export function sameAgain(
  seed: number,
  run: (log: ((line: string) => void) | null) => Outcome,
): Outcome {
  const [first, second] = [run(null), run(null)]
  if (first.violation !== null || first.digest === second.digest) return first
  const logs = [first, second].map(() => {
    const lines: string[] = []
    run(line => lines.push(line))
    return lines
  })
  const [one = [], other = []] = logs
  const at = one.findIndex((line, index) => line !== other[index])
  const violation = `two runs of seed ${seed} differ:\n  ${one[at]}\n  ${other[at]}`
  return { ...first, violation }
}
