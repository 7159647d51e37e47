import { setTimeout as sleep } from 'node:timers/promises'
import { Owners } from '../../lab/namespaces/owners.ts'
import { ready, renew, virtualAddress } from '../failover/pair.ts'
import type { Bench, Group } from '../groups.ts'
import { type Bar, type Case, shownBeside } from '../report.ts'
import { say } from '../shown.ts'
import { interval } from './interval.ts'
import { diarchScene, guarded, keepalivedScene, type Scene } from './scene.ts'

/** The supervisor has ended a process that hangs by then, and the lease has run out. */
const watchedMs = 8000

const title = 'SIGSTOP of what speaks VRRP on the master'
const bars: readonly [taken: Bar, both: Bar] = [
  { name: `${title}: until the peer serves`, unit: 'ms', bar: 3 * interval + 200 },
  { name: `${title}: both kernels have the address`, unit: 'ms', bar: interval },
]

async function measure({ lab, folder, rounds }: Bench): Promise<readonly Case[]> {
  const own = await diarchScene(lab, folder, guarded)
  const theirs = await keepalivedScene(lab)
  const seen = { diarch: [] as Hung[], keepalived: [] as Hung[] }
  for (const scene of [own, theirs] as const) {
    await Promise.all([scene.first.start(), scene.second.start()])
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const scene of [own, theirs] as const) {
      await ready(scene)
      const hung = await hang(scene)
      seen[scene.product].push(hung)
      say(`   ${scene.product}: ${hung.taken.toFixed(0)} ms, both ${hung.both.toFixed(0)} ms`)
      await renew(scene)
    }
  }
  const of = (what: keyof Hung) =>
    [seen.diarch, seen.keepalived].map(all => all.map(each => each[what])) as [number[], number[]]
  const [[taken, theirTaken], [both, theirBoth]] = [of('taken'), of('both')]
  const notes = [`after ${watchedMs} ms what still stands is let go on`]
  return [
    shownBeside(bars[0], taken, 'keepalived', theirTaken),
    { ...shownBeside(bars[1], both, 'keepalived', theirBoth), notes },
  ]
}

type Hung = { readonly taken: number; readonly both: number }

async function hang({ first, second }: Scene): Promise<Hung> {
  const owners = await Owners.watch([first.host, second.host], virtualAddress)
  try {
    const pid = first.vrrpProcess()
    const at = Date.now()
    process.kill(pid, 'SIGSTOP')
    await sleep(watchedMs)
    const [taken, both] = [owners.firstAt(1, at), owners.longest(2, at)]
    resume(pid)
    if (taken === null) throw new Error(`nobody took over within ${watchedMs} ms`)
    return { taken: taken - at, both }
  } finally {
    await owners.stop()
  }
}

/** Diarch's supervisor has ended it long ago. */
function resume(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT')
  } catch {}
}

export const hung: Group = { name: 'hang', bars, measure }
