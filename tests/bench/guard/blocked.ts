import { setTimeout as sleep } from 'node:timers/promises'
import { Owners } from '../../lab/namespaces/owners.ts'
import { ready, virtualAddress, watched } from '../failover/pair.ts'
import type { Bench, Group } from '../groups.ts'
import { type Bar, type Case, shownBeside } from '../report.ts'
import { say } from '../shown.ts'
import { diarchScene, guarded, keepalivedScene, type Scene } from './scene.ts'

const title = 'adverts blocked, second path fine'
const bars: readonly [changes: Bar, both: Bar] = [
  { name: `${title}: takeovers`, unit: 'changes of state', bar: 0 },
  { name: `${title}: two owners`, unit: 'ms', bar: 0 },
]

/** As a switch does it that has lost who wants the group. */
const wall = `table inet wall {
  chain out { type filter hook output priority 0; ip protocol 112 drop; }
}`

async function measure({ lab, folder, length: seconds }: Bench): Promise<readonly Case[]> {
  const scenes: readonly Scene[] = [
    await diarchScene(lab, folder, guarded),
    await keepalivedScene(lab),
  ]
  await Promise.all(scenes.flatMap(({ first, second }) => [first.start(), second.start()]))
  const [own, theirs] = await Promise.all(scenes.map(scene => block(scene, seconds)))
  const notes = [`${seconds} s; keepalived has no second path`]
  return [
    { ...shownBeside(bars[0], [own!.changes], 'keepalived', [theirs!.changes]), notes },
    shownBeside(bars[1], [own!.both], 'keepalived', [theirs!.both]),
  ]
}

async function block(scene: Scene, seconds: number) {
  const hosts = [scene.first.host, scene.second.host]
  await ready(scene)
  const owners = await Owners.watch(hosts, virtualAddress)
  const record = watched(scene)
  const at = Date.now()
  for (const host of hosts) await host.must('nft', ['-f', '-'], { input: wall })
  await sleep(seconds * 1000)
  const both = owners.longest(2, at)
  const { changes } = await record()
  await owners.stop()
  say(`   ${scene.product}: ${changes} changes, two owners for ${both} ms`)
  return { changes, both }
}

export const blocked: Group = { name: 'blocked', bars, measure }
