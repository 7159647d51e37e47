import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { seconds } from '../../../appliance/values/duration.ts'
import type { Bench, Group } from '../groups.ts'
import { type Bar, type Case, compared, shownBeside } from '../report.ts'
import { say } from '../shown.ts'
import { diarchPair, keepalivedPair, type Pair, ready, watched } from './pair.ts'

const count = 250
const intervalMs = 100
const length = seconds(20)
const mostWindows = 3
/** Both announce their addresses a second time 5 s after they have become master. */
const afterTheStart = seconds(8)

const title = `${count} virtual routers at ${intervalMs / 1000} s`
const bars: readonly [cpu: Bar, memory: Bar, changes: Bar] = [
  { name: `${title}: CPU of both boxes' VRRP processes`, unit: '% of a core', bar: 3 },
  { name: `${title}: most memory of a VRRP process`, unit: 'MB', bar: 90 },
  { name: `${title}: changes`, unit: 'changes of state', bar: 0 },
]

/** In the same seconds, so that both share the machine's good and bad moments. */
async function measure({ lab, folder, rounds }: Bench): Promise<readonly Case[]> {
  const virtualAddresses = Array.from({ length: count }, (_, index) => `10.20.0.${index + 1}/24`)
  const settings = { version: 3 as const, intervalMs, virtualAddresses }
  const pairs = [
    await diarchPair(lab, folder, settings),
    await keepalivedPair(lab, settings),
  ] as const
  for (const pair of pairs) await preempted(pair)
  await sleep(afterTheStart)
  const records = pairs.map(watched)
  const shares: [number[], number[]] = [[], []]
  const sizes: [number[], number[]] = [[], []]
  for (let window = 1; window <= Math.min(rounds, mostWindows); window += 1) {
    const began = performance.now()
    const from = pairs.map(cpuSeconds)
    await sleep(length)
    const took = (performance.now() - began) / 1000
    const to = pairs.map(cpuSeconds)
    for (const which of [0, 1] as const) {
      shares[which].push((100 * (to[which]! - from[which]!)) / took)
      sizes[which].push(Math.max(...processesOf(pairs[which]).map(residentMB)))
    }
    say(`   ${length / 1000} s: ${shares.map(each => each.at(-1)?.toFixed(1)).join(' and ')} %`)
  }
  const [own, theirs] = await Promise.all(records.map(record => record()))
  const [cpuBar, memoryBar, changesBar] = bars
  return [
    compared(cpuBar, shares[0], 'keepalived', shares[1]),
    shownBeside(memoryBar, [Math.max(...sizes[0])], 'keepalived', [Math.max(...sizes[1])]),
    shownBeside(changesBar, [own!.changes], 'keepalived', [theirs!.changes]),
  ]
}

const processesOf = ({ first, second }: Pair): readonly number[] =>
  [first, second].map(box => box.vrrpProcess())

/**
 * As after a repair: what has once become master together says so together for ever, and costs
 * little; what has preempted one after the other is spread over the interval.
 */
async function preempted(pair: Pair): Promise<void> {
  await pair.second.start()
  await pair.second.until('MASTER')
  await pair.first.start()
  await ready(pair)
}

const cpuSeconds = (pair: Pair): number =>
  processesOf(pair).reduce((sum, pid) => sum + cpuSecondsOf(pid), 0)

/** proc_pid_stat(5), fields 14 and 15, of all its threads; USER_HZ is 100 on every Linux here. */
function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function residentMB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kib === undefined) throw new Error(`process ${pid} has no memory: it is gone`)
  return (Number(kib) * 1024) / 1e6
}

export const manyRouters: Group = { name: '250', bars, measure }
