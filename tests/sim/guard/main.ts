/** `node tests/sim/guard/main.ts [--seeds N] [--from S]`, or `--seed S [--log]` for one run. */

import { parseArgs } from 'node:util'
import { simulateGuard } from './world.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    log: { type: 'boolean', default: false },
  },
})

if (values.seed !== undefined) {
  const { violation } = simulateGuard(Number(values.seed), values.log ? console.log : null)
  console.log(`seed ${values.seed}: ${violation ?? 'every invariant held'}`)
  process.exitCode = violation === null ? 0 : 1
} else {
  let failed = 0
  const began = performance.now()
  const seen = new Map<string, number>()
  const from = Number(values.from)
  for (let seed = from; seed < from + Number(values.seeds); seed++) {
    const { violation, tally } = simulateGuard(seed)
    for (const [what, times] of tally) seen.set(what, (seen.get(what) ?? 0) + times)
    if (violation === null) continue
    failed += 1
    if (failed <= 10)
      console.error(`seed ${seed}: ${violation}; replay it with --seed ${seed} --log`)
  }
  for (const [what, times] of [...seen].sort()) console.log(`${what.padEnd(40)}${times}`)
  const length = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${values.seeds} seeds in ${length} s, ${failed} with a violation`)
  process.exitCode = failed === 0 ? 0 : 1
}
