import { resolve } from 'node:path'
import {
  commandLine,
  json as jsonFile,
  length,
  number,
  type Options,
  type Script,
  some,
} from '../lab/command-line.ts'
import type { Lab } from '../lab/namespaces/lab.ts'
import { openLab } from '../lab/namespaces/lab.ts'
import { shippedProduct } from './failover/shipped.ts'
import { type Bar, type Case, notMeasured, print, writeJson } from './report.ts'
import { Scope } from './scope.ts'
import { say } from './shown.ts'

export type Bench = {
  readonly lab: Lab
  /** Of the product as it ships. */
  readonly folder: string
  readonly rounds: number
  /** How long what goes on for a while is watched, in the unit of the benchmark's option. */
  readonly length: number
}

/** What one run of a pair of each product measures. */
export type Group = {
  /** For --only. */
  readonly name: string
  readonly bars: readonly Bar[]
  /** One case for each bar. */
  readonly measure: (bench: Bench) => Promise<readonly Case[]>
}

type Wish = {
  readonly json: string | null
  readonly only: readonly string[]
  readonly rounds: number
  /** Under the name of its unit. */
  readonly [unit: string]: unknown
}

/** As the command line asks for them: [--json FILE] [--only GROUP,...] [--rounds N] [--UNIT N]. */
export async function runGroups(
  groups: readonly Group[],
  usual: Pick<Script<Options>, 'name' | 'about'> & {
    readonly rounds: number
    readonly unit: 'minutes' | 'seconds'
    readonly length: number
  },
): Promise<void> {
  const { name, about, unit } = usual
  const names = groups.map(group => group.name)
  const {
    json,
    only,
    rounds,
    [unit]: long,
  } = commandLine({
    name,
    about,
    options: {
      json: jsonFile,
      only: some(names, 'these alone'),
      rounds: number(1, usual.rounds, 'how often each is done'),
      [unit]: length(usual.length, `how many ${unit} what goes on for a while is watched`),
    },
  }) as Wish

  const folder = await shippedProduct(resolve(import.meta.dirname, '../..'))
  const how = { folder, rounds, length: Number(long) }
  const started = performance.now()
  const cases: Case[] = []
  for (const group of groups) {
    const from = performance.now()
    const isWanted = only.includes(group.name)
    cases.push(...(isWanted ? await casesOf(group, how) : leftOut(group)))
    if (isWanted) say(`== ${group.name}: ${minutesSince(from)} min`)
  }
  print(cases)
  console.log(`\n${minutesSince(started)} minutes`)
  if (json) writeJson(json, cases)
  process.exitCode = cases.every(({ pass }) => pass) ? 0 : 1
}

const minutesSince = (from: number): string => ((performance.now() - from) / 60_000).toFixed(1)

/** In a lab of its own: nothing of one case is left in the next one. */
async function casesOf(
  { name, bars, measure }: Group,
  how: Omit<Bench, 'lab'>,
): Promise<readonly Case[]> {
  say(`== ${name}`)
  try {
    return await Scope.with(async scope => measure({ lab: await openLab(scope), ...how }))
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    const why = words.replaceAll(/\s+/g, ' ').slice(0, 300)
    say(`   not measured: ${why}`)
    return bars.map(bar => notMeasured(bar, why))
  }
}

function leftOut({ name, bars }: Group): Case[] {
  return bars.map(bar => notMeasured(bar, `--only left out "${name}"`))
}
