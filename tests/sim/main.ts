/**
 * `npm run sim -- [--seeds N] [--from S] [--jobs N]`: runs of N seeds, S and those after it.
 * `npm run sim -- --seed S [--log]`: one run, with everything that happens in it.
 * `npm run sim -- --replay FILE`: what a box has recorded (vrrpd --record), against this code.
 * `--spoiled WHAT`: with an ensemble of spoiled.ts, to see an invariant fail.
 */

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Batch, BatchReport } from './batch.ts'
import { replay } from './replay.ts'
import { simulate } from './simulation.ts'
import { withSpoiled } from './spoiled.ts'
import { Totals } from './table.ts'

const batchSize = 100

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    log: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(availableParallelism()) },
    replay: { type: 'string' },
    spoiled: { type: 'string' },
  },
})

if (values.replay !== undefined) replayFile(values.replay)
else if (values.seed !== undefined) runOne(numberOf('seed'), values.log)
else await runMany(numberOf('from'), numberOf('seeds'), Math.max(1, numberOf('jobs')))

function numberOf(option: 'seeds' | 'from' | 'seed' | 'jobs'): number {
  const number = Number(values[option])
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new Error(`--${option} ${values[option]}: a number from 0 on is expected`)
}

function runOne(seed: number, logged: boolean): void {
  const log = logged ? console.log : null
  const { violation, lasted, digest } = simulate(seed, { ...withSpoiled(values.spoiled), log })
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
  const spoiled = values.spoiled === undefined ? '' : ` --spoiled '${values.spoiled}'`
  console.error(`replay it with: npm run sim -- --seed ${failed.seed} --log${spoiled}`)
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
      const worker = new Worker(file, { workerData: values.spoiled })
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
