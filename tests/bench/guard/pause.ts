import { setTimeout as sleep } from 'node:timers/promises'
import { seconds } from '../../../appliance/values/duration.ts'
import { capture } from '../../lab/namespaces/capture.ts'
import { Owners } from '../../lab/namespaces/owners.ts'
import { ready, sources, virtualAddress, watched } from '../failover/pair.ts'
import type { Bench, Group } from '../groups.ts'
import { type Bar, type Case, shownBeside } from '../report.ts'
import { say } from '../shown.ts'
import { interval } from './interval.ts'
import {
  answered,
  diarchScene,
  guarded,
  keepalivedScene,
  missedSince,
  type Scene,
  watchedClient,
} from './scene.ts'

const pausedMs = 5000
/** By then one of them has been silent for a while. */
const settledMs = 2000

const title = `all processes of the master paused for ${pausedMs / 1000} s`
const bars: readonly [both: Bar, missed: Bar, wrong: Bar] = [
  { name: `${title}: two owners after that`, unit: 'ms', bar: interval },
  { name: `${title}: missed by the client after that`, unit: 'ms', bar: interval },
  { name: `${title}: rounds in which the client has the wrong one`, unit: 'rounds', bar: 0 },
]

async function measure({ lab, folder, rounds }: Bench): Promise<readonly Case[]> {
  const scenes = [await diarchScene(lab, folder, guarded), await keepalivedScene(lab)] as const
  const seen = { diarch: [] as Resumed[], keepalived: [] as Resumed[] }
  for (const { first, second } of scenes) await Promise.all([first.start(), second.start()])
  for (let round = 1; round <= rounds; round += 1) {
    for (const scene of scenes) {
      await ready(scene)
      const done = await pause(scene)
      seen[scene.product].push(done)
      const { both, missed, changes } = done
      const words = `two owners for ${both} ms, ${missed.toFixed(0)} ms missed, ${changes} changes`
      say(`   ${scene.product}: ${words}${done.right ? '' : ', and the client has the wrong one'}`)
    }
  }
  const shown = (bar: Bar, of: (all: readonly Resumed[]) => readonly number[]) =>
    shownBeside(bar, of(seen.diarch), 'keepalived', of(seen.keepalived))
  const most = (all: readonly Resumed[]) => Math.max(...all.map(({ changes }) => changes))
  const changes = `${most(seen.diarch)} with Diarch, ${most(seen.keepalived)} with keepalived`
  const notes = [`changes of state of both boxes, at most: ${changes}`]
  return [
    { ...shown(bars[0], all => all.map(({ both }) => both)), notes },
    shown(bars[1], all => all.map(({ missed }) => missed)),
    shown(bars[2], all => [all.filter(({ right }) => !right).length]),
  ]
}

type Resumed = {
  readonly both: number
  readonly missed: number
  readonly right: boolean
  /** Of both boxes, from the pause on. */
  readonly changes: number
}

/** The kernel of a namespace goes on: what is paused is all that speaks and decides. */
async function pause(scene: Scene): Promise<Resumed> {
  const { first, second, client } = scene
  const heard = await capture(client, 'eth0', 'ip proto 112')
  const owners = await Owners.watch([first.host, second.host], virtualAddress)
  const prober = await watchedClient(scene)
  try {
    // First of all who would notice that the others are silent; it goes on last.
    const processes = first.allProcesses()
    const record = watched(scene)
    for (const pid of processes) process.kill(pid, 'SIGSTOP')
    await sleep(pausedMs)
    const resumed = Date.now()
    for (const pid of processes.toReversed()) process.kill(pid, 'SIGCONT')
    await heard.untilAdvert(
      a => a.time >= resumed && a.priority > 0 && a.source === sources.first,
      seconds(60),
    )
    await sleep(settledMs)
    await answered(scene)
    const leader = heard.adverts().at(-1)?.source === sources.first ? first : second
    const known = await client.must('ip', ['neighbour', 'show', virtualAddress])
    const right = known.includes(await leader.host.mac('eth0'))
    const { changes } = await record()
    const both = owners.longest(2, resumed)
    return { both, missed: missedSince(prober, resumed), right, changes }
  } finally {
    await Promise.all([heard.stop(), owners.stop(), prober.stop()])
  }
}

export const paused: Group = { name: 'pause', bars, measure }
