/**
 * `npm run bench:checks -- [--json FILE] [--only GROUP,...]`: what the checks cost, when a dead
 * server leaves the kernel's table, and what a restart or a failover costs those who are connected.
 * How it is measured stands in docs/benchmarks.md. It needs root, and a machine that does nothing
 * else.
 */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { commandLine, json as jsonFile, some } from '../lab/command-line.ts'
import { farmProgram } from './checks/farm.ts'
import {
  type Deaths,
  type Failovers,
  type Load,
  type Lost,
  type Restart,
  type Restarts,
  type Shared,
  samplesOf,
} from './checks/samples.ts'
import { shippedProduct } from './failover/shipped.ts'
import {
  type Bar,
  type Case,
  compared,
  measured,
  notMeasured,
  print,
  shownBeside,
  writeJson,
} from './report.ts'
import { say } from './shown.ts'

type Group = {
  readonly name: string
  readonly bars: readonly Bar[]
  readonly measure: () => Promise<readonly Case[]>
}

const title = '2,000 servers, TCP each second'
const load = {
  cpu: { name: `${title}: CPU`, unit: 'ms/s', bar: 2 },
  late: { name: `${title}: p99 of start lateness`, unit: 'ms', bar: 50 },
  memory: { name: `${title}: memory`, unit: 'MB', bar: 150 },
}
const shared = { name: '200 servers in 10 services', unit: 'probes/interval', bar: 200 }
const deaths = {
  blackHole: { name: 'server is cut off, 1 s + 1 s: out of the table', unit: 'ms', bar: 2050 },
  refused: { name: 'server process is killed: out of the table', unit: 'ms', bar: 2050 },
}
const restarts = {
  killedFailed: { name: 'director killed: failed requests', unit: 'requests', bar: 0 },
  killedChanges: { name: 'director killed: IPVS operations', unit: 'operations', bar: 0 },
  askedFailed: { name: 'diarch restart director: failed requests', unit: 'requests', bar: 0 },
  askedChanges: { name: 'diarch restart director: IPVS operations', unit: 'operations', bar: 0 },
}
const failovers = {
  plannedDirect: { name: 'diarch failover, DR: connections lost', unit: '%', bar: 0 },
  plannedNat: { name: 'diarch failover, NAT: connections lost', unit: '%', bar: 0 },
  powerLossDirect: { name: 'power loss, DR: connections lost', unit: '%', bar: 1 },
  powerLossNat: { name: 'power loss, NAT: connections lost', unit: '%', bar: 1 },
}

const groups: readonly Group[] = [
  { name: 'load', bars: Object.values(load), measure: measureLoad },
  { name: 'shared', bars: [shared], measure: measureShared },
  { name: 'deaths', bars: Object.values(deaths), measure: measureDeaths },
  { name: 'restarts', bars: Object.values(restarts), measure: measureRestarts },
  { name: 'failovers', bars: Object.values(failovers), measure: measureFailovers },
]
const names = groups.map(({ name }) => name)
const { json, only: wanted } = commandLine({
  name: 'bench:checks',
  about:
    'What health checks cost, and what a restart or a failover costs those who are connected,\n' +
    'beside keepalived (docs/benchmarks.md). It needs root, and a machine that does nothing else.',
  options: { json: jsonFile, only: some(names, 'these alone') },
})

// All processes of a user-mode kernel wait for each other: on one processor it is three times as
// quick as on two.
execFileSync('taskset', ['-a', '-p', '-c', '0', String(process.pid)], { stdio: 'ignore' })
// The kernel inside sees the tree read-only.
await shippedProduct(resolve(import.meta.dirname, '../..'))
await farmProgram()

const cases: Case[] = []
for (const group of groups) {
  cases.push(...(wanted.includes(group.name) ? await casesOf(group) : leftOut(group)))
}
print(cases)
if (json !== null) writeJson(json, cases)
process.exitCode = cases.every(({ pass }) => pass) ? 0 : 1

async function casesOf({ name, bars, measure }: Group): Promise<readonly Case[]> {
  const began = performance.now()
  say(`== ${name}`)
  try {
    return await measure()
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    say(`   not measured: ${words}`)
    return bars.map(bar => notMeasured(bar, words.replaceAll(/\s+/g, ' ').slice(0, 300)))
  } finally {
    say(`== ${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
  }
}

function leftOut({ name, bars }: Group): Case[] {
  return bars.map(bar => notMeasured(bar, `--only left out "${name}"`))
}

async function measureLoad(): Promise<readonly Case[]> {
  const { cpu, memory, late, probes } = await samplesOf<Load>('load')
  const rates = [probes.diarch, probes.keepalived].map(each => each.map(Math.round).join(', '))
  const note = `probes in a second, by window: ${rates.join('; keepalived ')}`
  return [
    { ...compared(load.cpu, cpu.diarch, 'keepalived', cpu.keepalived), notes: [note] },
    measured(load.late, late),
    shownBeside(load.memory, [Math.max(...memory.diarch)], 'keepalived', [
      Math.max(...memory.keepalived),
    ]),
  ]
}

async function measureShared(): Promise<readonly Case[]> {
  const { diarch, keepalived } = await samplesOf<Shared>('shared')
  return [shownBeside(shared, diarch, 'keepalived', keepalived)]
}

async function measureDeaths(): Promise<readonly Case[]> {
  const { blackHole, refused } = await samplesOf<Deaths>('deaths')
  return [
    shownBeside(deaths.blackHole, blackHole.diarch, 'keepalived', blackHole.keepalived),
    shownBeside(deaths.refused, refused.diarch, 'keepalived', refused.keepalived),
  ]
}

async function measureRestarts(): Promise<readonly Case[]> {
  const { firstChanges, killed, asked } = await samplesOf<Restarts>('restarts')
  const all = [...killed, ...asked]
  if (firstChanges === 0 || all.some(({ reads }) => reads === 0)) {
    throw new Error('the requests to IPVS were not seen: that there were none shows nothing')
  }
  const sums = (rounds: readonly Restart[]): string => {
    const [requests, reads] = (['requests', 'reads'] as const).map(figure =>
      rounds.reduce((sum, each) => sum + each[figure], 0),
    )
    return `${requests} requests, ${reads} messages that only read`
  }
  const failed = (bar: Bar, rounds: readonly Restart[]): Case => ({
    ...measured(bar, [rounds.reduce((sum, each) => sum + each.failed, 0)]),
    notes: [sums(rounds)],
  })
  const changes = (bar: Bar, rounds: readonly Restart[]): Case => {
    return measured(bar, [rounds.reduce((sum, each) => sum + each.changes, 0)])
  }
  return [
    failed(restarts.killedFailed, killed),
    changes(restarts.killedChanges, killed),
    failed(restarts.askedFailed, asked),
    changes(restarts.askedChanges, asked),
  ]
}

async function measureFailovers(): Promise<readonly Case[]> {
  const { planned, powerLoss } = await samplesOf<Failovers>('failovers')
  const shares = (rounds: readonly Lost[], kind: 'direct' | 'nat'): readonly number[] =>
    rounds.map(each => (100 * each[kind]) / each.of)
  return [
    measured(failovers.plannedDirect, shares(planned, 'direct')),
    measured(failovers.plannedNat, shares(planned, 'nat')),
    measured(failovers.powerLossDirect, shares(powerLoss, 'direct')),
    measured(failovers.powerLossNat, shares(powerLoss, 'nat')),
  ]
}
