/**
 * `npm run bench:guard -- [--json FILE] [--only CASE,...] [--rounds N] [--seconds N]`: who has the
 * address on the worst days, beside keepalived in the same minutes. How it is measured stands in
 * docs/benchmarks.md. It needs root, and a machine that does nothing else.
 */

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openLab } from '../lab/namespaces/lab.ts'
import { shippedProduct } from './failover/shipped.ts'
import { blocked } from './guard/blocked.ts'
import type { Group } from './guard/group.ts'
import { hung } from './guard/hang.ts'
import { hostile } from './guard/hostile.ts'
import { paused } from './guard/pause.ts'
import { witness } from './guard/witness.ts'
import { type Case, notMeasured, print, writeJson } from './report.ts'
import { Scope } from './scope.ts'
import { say } from './shown.ts'

const groups: readonly Group[] = [hung, blocked, witness, paused, hostile]
const names = groups.map(({ name }) => name)
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string', default: names.join(',') },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '60' },
  },
})

const wanted = values.only.split(',')
const unknown = wanted.filter(name => !names.includes(name))
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)]
if (unknown.length > 0) throw new Error(`--only knows ${names.join(', ')}, not ${unknown}`)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}: a number`)
if (!(seconds > 0)) throw new Error(`--seconds ${values.seconds}: a number above 0`)

const started = performance.now()
const minutesSince = (from: number): string => ((performance.now() - from) / 60_000).toFixed(1)
const folder = await shippedProduct(resolve(import.meta.dirname, '../..'))
const cases: Case[] = []
for (const group of groups) {
  const from = performance.now()
  cases.push(...(wanted.includes(group.name) ? await casesOf(group) : leftOut(group)))
  if (wanted.includes(group.name)) say(`== ${group.name}: ${minutesSince(from)} min`)
}

print(cases)
console.log(`\n${minutesSince(started)} minutes`)
if (values.json) writeJson(values.json, cases)
process.exitCode = cases.every(({ pass }) => pass) ? 0 : 1

/** In a lab of its own: nothing of one case is left in the next one. */
async function casesOf({ name, bars, measure }: Group): Promise<readonly Case[]> {
  say(`== ${name}`)
  try {
    return await Scope.with(async scope => {
      return await measure({ lab: await openLab(scope), folder, rounds, seconds })
    })
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
