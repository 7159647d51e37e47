import { setTimeout as sleep } from 'node:timers/promises'
import { Owners } from '../../lab/namespaces/owners.ts'
import { ready, sources, virtualAddress } from '../failover/pair.ts'
import type { Bench, Group } from '../groups.ts'
import { type Bar, type Case, shownBeside } from '../report.ts'
import { say } from '../shown.ts'
import { diarchScene, guarded, heal, keepalivedScene, type More, type Scene } from './scene.ts'

const watchedMs = 4000

const title = 'the master is cut off, the witness answers the other one'
const bars: readonly [moved: Bar, both: Bar, wrong: Bar] = [
  { name: `${title}: until the right one has the address`, unit: 'ms', bar: 1000 },
  { name: `${title}: two owners`, unit: 'ms', bar: 0 },
  { name: `${title}: rounds with a wrong owner in the end`, unit: 'rounds', bar: 0 },
]

/** The client is the witness: whoever does not reach it cannot serve it. */
const witnessed = (box: 1 | 2): More => {
  const { cluster, node } = guarded(box, { policy: 'one-owner-first', witnesses: ['client'] })
  const pace = { interval: '100ms', timeout: '100ms', retryInterval: '50ms', fall: 2 }
  const trackers = { client: { kind: 'check', check: 'quickly', address: sources.client } }
  return {
    cluster: { ...cluster, checks: { quickly: { kind: 'ping', ...pace } }, trackers },
    ...(node === undefined ? {} : { node }),
  }
}

/** The nearest that it has; a second is the shortest interval of its scripts. */
const tracked: More = {
  keepalived: {
    before: `
global_defs { script_user root }
vrrp_script client {
  script "/bin/ping -c 1 -W 1 ${sources.client}"
  interval 1
  timeout 1
  fall 1
}`,
    inInstance: 'track_script { client }',
  },
}

async function measure({ lab, folder, rounds }: Bench): Promise<readonly Case[]> {
  const [own, theirs] = [
    await diarchScene(lab, folder, witnessed),
    await keepalivedScene(lab, tracked),
  ]
  const seen = { diarch: [] as Cut[], keepalived: [] as Cut[] }
  for (const scene of [own, theirs]) {
    await Promise.all([scene.first.start(), scene.second.start()])
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const scene of [own, theirs]) {
      await ready(scene)
      // The witness was asked, and has answered.
      await sleep(1000)
      const done = await cutOff(scene)
      seen[scene.product].push(done)
      const both = `two owners for ${done.both} ms`
      say(`   ${scene.product}: ${done.moved} ms, ${both}${done.right ? '' : ', and a wrong one'}`)
    }
  }
  const shown = (bar: Bar, of: (all: readonly Cut[]) => readonly number[]) =>
    shownBeside(bar, of(seen.diarch), 'keepalived', of(seen.keepalived))
  return [
    shown(bars[0], all => all.map(({ moved }) => moved)),
    shown(bars[1], all => [Math.max(...all.map(({ both }) => both))]),
    shown(bars[2], all => [all.filter(({ right }) => !right).length]),
  ]
}

type Cut = { readonly moved: number; readonly both: number; readonly right: boolean }

async function cutOff(scene: Scene): Promise<Cut> {
  const { first, second, firstLink, beside } = scene
  const owners = await Owners.watch([first.host, second.host], virtualAddress)
  try {
    const at = Date.now()
    await Promise.all([firstLink.silence(), beside[0].silence()])
    await sleep(watchedMs)
    const taken = owners.firstAt(1, at)
    const both = owners.longest(2, at)
    const has = async (box: typeof first) =>
      (await box.host.addresses('eth0')).some(a => a.startsWith(`${virtualAddress}/`))
    const right = (await has(second)) && !(await has(first))
    return { moved: taken === null ? watchedMs : taken - at, both, right }
  } finally {
    await owners.stop()
    await heal(scene)
  }
}

export const witness: Group = { name: 'witness', bars, measure }
