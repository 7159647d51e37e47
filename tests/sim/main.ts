/**
 * `npm run sim -- [--seeds N] [--from S] [--jobs N]`: runs of N seeds, S and those after it.
 * `npm run sim -- --seed S [--log]`: one run, with everything that happens in it.
 * `npm run sim -- --replay FILE`: what a box has recorded (vrrpd --record), against this code.
 * `--spoiled WHAT`: with an ensemble of spoiled.ts, to see an invariant fail.
 */

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { commandLine, flag, number, numberOrNone, text } from '../lab/command-line.ts'
import type { Batch, BatchReport } from './batch.ts'
import { replay } from './replay.ts'
import { simulate } from './simulation.ts'
import { withSpoiled } from './spoiled.ts'
import { Totals } from './table.ts'

const batchSize = 100

const wish = commandLine({
  name: 'sim',
  about:
    'Routers in virtual time with every trouble that a seed can bring; whether what must hold\n' +
    'does. Of one seed, or of what a box has recorded, everything can be shown.',
  options: {
    seeds: number(0, 10_000, 'how many'),
    from: number(0, 1, 'the first of them'),
    seed: numberOrNone(0, 'this one alone'),
    log: flag('with --seed: everything that happens'),
    jobs: number(1, availableParallelism(), 'at the same time'),
    replay: text('FILE', 'what vrrpd --record has written, against this code'),
    spoiled: text('WHAT', 'routers with a fault of tests/sim/spoiled.ts, to see it found'),
  },
})
const spoiled = wish.spoiled ?? undefined

if (wish.replay !== null) replayFile(wish.replay)
else if (wish.seed !== null) runOne(wish.seed, wish.log)
else await runMany(wish.from, wish.seeds, wish.jobs)

function runOne(seed: number, logged: boolean): void {
  const log = logged ? console.log : null
  const { violation, lasted, digest } = simulate(seed, { ...withSpoiled(spoiled), log })
  const text = `${(lasted / 1000).toFixed(3)} s of virtual time, digest ${digest >>> 0}`
  console.log(`seed ${seed}: ${violation ?? 'every invariant held'} (${text})`)
  process.exitCode = violation === null ? 0 : 1
}

async function runMany(from: number, count: number, jobs: number): Promise<void> {
  const started = performance.now()
  const totals = new Totals()
  const seconds = () => (performance.now() - started) / 1000
  let told = 0
  const failed = await runBatches(from, count, jobs, report => {
    totals.add(report)
    if (seconds() < told + 5) return
    told = seconds()
    console.log(totals.summary(told))
  })
  console.log(totals.table())
  console.log(totals.summary(seconds()))
  if (failed === null) return
  console.error(`seed ${failed.seed}: ${failed.violation}`)
  const how = spoiled === undefined ? '' : ` --spoiled '${spoiled}'`
  console.error(`replay it with: npm run sim -- --seed ${failed.seed} --log${how}`)
  process.exitCode = 1
}

/** The failure with the lowest seed, wherever it was found first. */
async function runBatches(
  from: number,
  count: number,
  jobs: number,
  onReport: (report: BatchReport) => void,
): Promise<BatchReport['failed']> {
  let next = from
  let failed: BatchReport['failed'] = null
  const nextBatch = (): Batch | null => {
    if (next >= from + count || failed !== null) return null
    const batch = { from: next, count: Math.min(batchSize, from + count - next) }
    next += batch.count
    return batch
  }
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const file = new URL('./worker.ts', import.meta.url)
      const worker = new Worker(file, { workerData: spoiled })
      const hand = (): void => {
        const batch = nextBatch()
        if (batch !== null) worker.postMessage(batch)
        else worker.terminate().then(() => resolve(), reject)
      }
      worker.on('message', (report: BatchReport) => {
        onReport(report)
        if (report.failed !== null && report.failed.seed < (failed?.seed ?? Infinity)) {
          failed = report.failed
        }
        hand()
      })
      worker.on('error', reject)
      hand()
    })
  await Promise.all(Array.from({ length: jobs }, work))
  return failed
}

function replayFile(file: string): void {
  const { inputs, difference } = replay(readFileSync(file, 'utf8'))
  console.log(difference ?? `${inputs} inputs of ${file} have the same effects as they had then`)
  process.exitCode = difference === null ? 0 : 1
}
