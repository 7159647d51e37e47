/**
 * Odd configuration by the hundred thousand: `npm run fuzz:config -- --inputs N --seed S`, and with
 * `--requests N` (as root) requests to the control API of a real supervisor. The seed is printed; a
 * failure names the input, and `--seed S --only N` makes it alone again.
 */

import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { commandLine, number, numberOrNone } from '../lab/command-line.ts'
import { outcomeOf } from './config-checks.ts'
import { fuzzRequests } from './config-requests.ts'
import { trial } from './config-trials.ts'

/** Milliseconds for one input, none of which is large. */
const longest = 1000

type Share = {
  readonly seed: number
  readonly first: number
  readonly step: number
  readonly inputs: number
  /** The input that is tried now: of one that never ends nobody would hear otherwise. */
  readonly now: Int32Array
}

type Tried = {
  readonly count: ReadonlyMap<string, number>
  readonly slowest: number
  readonly failure: string | null
}

function tryShare({ seed, first, step, inputs, now }: Share): Tried {
  const count = new Map<string, number>()
  let slowest = 0
  for (let index = first; index < inputs; index += step) {
    now[0] = index
    const began = performance.now()
    try {
      const outcome = outcomeOf(trial(seed, index))
      const waited = performance.now() - began
      const took = waited > longest ? cpuTimeOf(seed, index) : waited
      slowest = Math.max(slowest, took)
      if (took > longest) throw new Error(`it took ${Math.round(took)} ms`)
      count.set(outcome, (count.get(outcome) ?? 0) + 1)
    } catch (error) {
      const made = JSON.stringify(trial(seed, index))
      const why = error instanceof Error ? error.stack : error
      const failure = `${why}\n${made}\n${again(seed, index)}`
      return { count, slowest, failure }
    }
  }
  return { count, slowest, failure: null }
}

/** Once more, in milliseconds of this thread: that the machine is busy is no fault of an input. */
function cpuTimeOf(seed: number, index: number): number {
  const before = process.threadCpuUsage()
  outcomeOf(trial(seed, index))
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

const again = (seed: number, index: number): string =>
  `input ${index}; again with: npm run fuzz:config -- --seed ${seed} --only ${index}`

async function main(): Promise<void> {
  const wish = commandLine({
    name: 'fuzz:config',
    about:
      'Odd documents, keepalived.conf files and requests: none may end what reads it,\n' +
      'or take long.',
    options: {
      inputs: number(0, 180_000, 'how many'),
      requests: number(0, 0, 'and so many to the API of a real supervisor; needs root'),
      seed: numberOrNone(0, 'which (one that is printed)'),
      only: numberOrNone(0, 'with --seed: this input alone'),
    },
  })
  const { inputs, requests } = wish
  const seed = wish.seed ?? Math.floor(Math.random() * 0x1_0000_0000)
  if (wish.only !== null) {
    console.log(outcomeOf(trial(seed, wish.only)))
    return
  }
  console.log(`seed ${seed}, ${inputs} inputs, ${requests} requests`)
  const began = performance.now()
  const count = new Map<string, number>()
  const add = (outcome: string, times = 1): void => {
    count.set(outcome, (count.get(outcome) ?? 0) + times)
  }
  const threads = availableParallelism()
  const shares = await Promise.all(
    Array.from({ length: threads }, (_, first) => inThread({ seed, first, step: threads, inputs })),
  )
  for (const { failure } of shares) if (failure !== null) end(failure)
  for (const [outcome, times] of shares.flatMap(({ count: of }) => [...of])) add(outcome, times)
  const slowestAnswer = requests > 0 ? await fuzzRequests(seed, requests, add) : 0
  for (const [name, times] of [...count].sort()) console.log(`${String(times).padStart(9)} ${name}`)
  const slowest = Math.max(slowestAnswer, ...shares.map(each => each.slowest))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`none threw, the slowest took ${slowest.toFixed(0)} ms, in ${seconds} s`)
}

async function inThread(share: Omit<Share, 'now'>): Promise<Tried> {
  const now = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(import.meta.filename, { workerData: { ...share, now } })
  let seen = -1
  const watch = setInterval(() => {
    if (now[0] === seen) end(`it does not end: ${again(share.seed, seen)}`)
    seen = now[0] ?? -1
  }, 20 * longest)
  try {
    const [tried] = await once(worker, 'message')
    return tried
  } finally {
    clearInterval(watch)
  }
}

function end(why: string): never {
  console.error(why)
  process.exit(1)
}

if (isMainThread) await main()
else parentPort?.postMessage(tryShare(workerData))
