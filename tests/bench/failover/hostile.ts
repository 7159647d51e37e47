import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { compile } from '../../lab/compile.ts'
import type { Host } from '../../lab/namespaces/host.ts'
import type { Lab } from '../../lab/namespaces/lab.ts'
import type { Bench, Group } from '../groups.ts'
import { type Bar, type Case, shownBeside } from '../report.ts'
import { say } from '../shown.ts'
import type { Product, Recorded } from './box.ts'
import {
  diarchPair,
  keepalivedPair,
  oneAddress,
  type Pair,
  ready,
  renew,
  start,
  virtualAddress,
  watched,
} from './pair.ts'

const attacker = '192.0.2.66'
const [packets, pauseMs] = [300, 10]
/** What it has done to a pair shows by then; keepalived may be without a master for minutes. */
const watchedMs = 1000
const mostRounds = 3

/** Above every priority here; 0 is no interval, 40.95 s is the longest that VRRPv3 can say. */
const streams = [
  { priority: 254, centiseconds: 0, title: 'interval 0' },
  { priority: 254, centiseconds: 4095, title: 'interval 40.95 s' },
] as const

/**
 * On two boxes an operator may find some lines for each kind of thing that happens, and not some
 * for each packet: 20 lines can be read at a glance, and 300 packets cannot.
 */
const barsOf = (title: string): readonly [lines: Bar, changes: Bar] => [
  { name: `hostile adverts, 3 s at 100/s, ${title}: lines of events`, unit: 'lines', bar: 20 },
  { name: `hostile adverts, 3 s at 100/s, ${title}: changes`, unit: 'changes of state', bar: 0 },
]

async function measure({ lab, folder, rounds }: Bench): Promise<readonly Case[]> {
  const settings = { version: 3 as const, intervalMs: 100, virtualAddresses: oneAddress }
  const pairs = [
    await diarchPair(lab, folder, settings),
    await keepalivedPair(lab, settings),
  ] as const
  const strangers = new Map<Pair, Host>()
  for (const pair of pairs) {
    strangers.set(pair, await strangerOn(pair, lab))
    await start(pair)
  }
  const cases: Case[] = []
  for (const stream of streams) {
    const harm: { [product in Product]: Recorded[] } = { diarch: [], keepalived: [] }
    for (let round = 1; round <= Math.min(rounds, mostRounds); round += 1) {
      // Nothing is timed here, so both at once.
      await Promise.all(
        pairs.map(async pair => {
          await ready(pair)
          const done = await harmBy(stream, pair, strangers.get(pair)!)
          harm[pair.product].push(done)
          say(`   ${stream.title}: ${pair.product} ${done.lines} lines, ${done.changes} changes`)
          // What has been told lately would not be told again.
          await renew(pair)
        }),
      )
    }
    const [lineBar, changeBar] = barsOf(stream.title)
    const lines = (product: Product) => harm[product].map(each => each.lines)
    const changes = (product: Product) => [
      harm[product].reduce((sum, each) => sum + each.changes, 0),
    ]
    cases.push(shownBeside(lineBar, lines('diarch'), 'keepalived', lines('keepalived')))
    cases.push(shownBeside(changeBar, changes('diarch'), 'keepalived', changes('keepalived')))
  }
  return cases
}

async function strangerOn({ lan }: Pair, lab: Lab): Promise<Host> {
  const host = await lab.host('stranger')
  await host.plug(lan, { name: 'eth0', address: `${attacker}/24` })
  return host
}

type Stream = (typeof streams)[number]

async function harmBy(stream: Stream, pair: Pair, stranger: Host): Promise<Recorded> {
  const record = watched(pair)
  const speaker = await compile(join(import.meta.dirname, 'hostile-adverts.c'))
  const says = ['1', String(stream.priority), String(stream.centiseconds), virtualAddress]
  const pace = [String(packets), String(pauseMs * 1000)]
  await stranger.must(speaker, ['eth0', attacker, ...says, ...pace])
  await sleep(watchedMs)
  return await record()
}

export const hostileAdverts: Group = {
  name: 'hostile',
  bars: streams.flatMap(({ title }) => barsOf(title)),
  measure,
}
