import { milliseconds } from '../../../appliance/values/duration.ts'
import { capture } from '../../lab/namespaces/capture.ts'
import { fire } from '../../lab/namespaces/forge.ts'
import { ready, sources } from '../failover/pair.ts'
import type { Bench, Group } from '../groups.ts'
import { type Bar, type Case, shownBeside } from '../report.ts'
import { say } from '../shown.ts'
import { type Attack, attacks } from './attacks.ts'
import { failoverInterval } from './interval.ts'
import {
  answered,
  diarchScene,
  guarded,
  keepalivedScene,
  type More,
  missedSince,
  type Scene,
  signedAdverts,
  watchedClient,
} from './scene.ts'

const perSecond = 100

const barsOf = ({ title }: Attack): readonly [signed: Bar, unsigned: Bar] => [
  { name: `hostile adverts, ${title}, HMAC on: missed by the client`, unit: 'ms', bar: 0 },
  {
    name: `hostile adverts, ${title}, HMAC off: missed by the client`,
    unit: 'ms',
    bar: failoverInterval,
  },
]

type Besieged = { readonly scene: Scene; readonly title: string; readonly missed: number[] }

/** As pairing makes them, in the worst place: where the stranger is. */
const paired = (box: 1 | 2): More => ({
  ...guarded(box),
  node: {
    heartbeats: {
      pair: { interface: 'eth0', peer: box === 1 ? sources.second : sources.first },
    },
  },
})

/** All pairs at once: nothing is compared in milliseconds. */
async function measure({ lab, folder, length: seconds }: Bench): Promise<readonly Case[]> {
  const besieged = (scene: Scene, title: string): Besieged => ({ scene, title, missed: [] })
  const pairs = [
    besieged(await diarchScene(lab, folder, () => signedAdverts, 'signed'), 'HMAC on'),
    besieged(await diarchScene(lab, folder, paired, 'unsigned'), 'HMAC off'),
    besieged(await keepalivedScene(lab), 'keepalived'),
    besieged(await diarchScene(lab, folder, () => ({}), 'alone'), 'HMAC off, no heartbeats'),
  ] as const
  await Promise.all(
    pairs.flatMap(({ scene: { first, second } }) => [first.start(), second.start()]),
  )
  const cases: Case[] = []
  for (const attack of attacks) {
    const harm = await Promise.all(
      pairs.map(async ({ scene, title }) => {
        const missed = await harmBy(attack, scene, seconds)
        say(`   ${attack.title}, ${title}: ${missed.toFixed(0)} ms missed`)
        return missed
      }),
    )
    const [signed, unsigned, theirs, alone] = harm.map(each => [each])
    const [signedBar, unsignedBar] = barsOf(attack)
    const notes = [`${seconds} s at ${perSecond}/s; keepalived 2.2.7 signs nothing`]
    cases.push({ ...shownBeside(signedBar, signed!, 'keepalived', theirs!), notes })
    // Nothing tells the truth from a lie there: it is shown, and has no bar.
    const without = [`an unsigned pair that has no heartbeats misses ${alone![0]!.toFixed(0)} ms`]
    cases.push({
      ...shownBeside(unsignedBar, unsigned!, 'keepalived', theirs!),
      notes: without,
    })
  }
  return cases
}

async function harmBy(attack: Attack, scene: Scene, length: number): Promise<number> {
  const recorded = await release(scene)
  await ready(scene)
  const prober = await watchedClient(scene)
  try {
    const each = attack.frames(recorded)
    const rounds = Math.ceil((length * perSecond) / each.length)
    const frames = Array.from({ length: rounds }, () => each).flat()
    const at = Date.now()
    await fire(scene.stranger, { frames, every: milliseconds(1000 / perSecond) })
    await answered(scene)
    return missedSince(prober, at)
  } finally {
    await prober.stop()
  }
}

/** The first box stops in order and starts again; what it said then is what can be replayed. */
async function release({ first, second, stranger }: Scene): Promise<readonly Buffer[]> {
  const heard = await capture(stranger, 'eth0', 'ip proto 112')
  await ready({ first, second } as Scene)
  await first.stop()
  await second.until('MASTER')
  await heard.stop()
  await first.start()
  return heard.frames
    .filter(({ packet }) => packet.kind === 'advert' && packet.source === sources.first)
    .slice(-5)
    .map(({ bytes }) => fromStranger(bytes))
}

/** With the hardware address of the master the switch would send all of its packets elsewhere. */
function fromStranger(frame: Buffer): Buffer {
  const copy = Buffer.from(frame)
  copy.set([2, 0, 0, 0, 0, 0x66], 6)
  return copy
}

export const hostile: Group = { name: 'hostile', bars: attacks.flatMap(barsOf), measure }
