/**
 * `npm run bench:config -- [--json FILE] [--only GROUP,...]`: what a large configuration costs, and
 * what survives of it. How it is measured stands in docs/benchmarks.md. It needs root, and a
 * machine that does nothing else.
 */
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { commandLine, json as jsonFile, some } from '../lab/command-line.ts'
import { killWriters } from '../processes/store-kills.ts'
import { measureCuts } from './config/cuts.ts'
import { measureImports } from './config/imports.ts'
import { samplesInside } from './config/samples.ts'
import { shippedProduct } from './failover/shipped.ts'
import { type Bar, type Case, compared, measured, notMeasured, print, writeJson } from './report.ts'
import { runShown, say } from './shown.ts'

type Group = {
  readonly name: string
  readonly bars: readonly Bar[]
  readonly measure: () => Promise<readonly Case[]>
}

const large = '1,000 x 10'
const imports = {
  time: { name: `${large}: import, beside keepalived -t`, unit: 'ms', bar: 3 },
  memory: { name: `${large}: import, most memory`, unit: 'MB', bar: 150 },
}
const box = {
  apply: { name: `${large}: one field changed, until all have it`, unit: 'ms', bar: 250 },
  status: { name: `${large}: GET status`, unit: 'ms', bar: 150 },
  services: { name: `${large}: GET services`, unit: 'ms', bar: 150 },
  news: { name: `${large}: event for one changed server`, unit: 'bytes', bar: 2048 },
}
const kills = { name: '500 kill -9 of the writer: revisions lost', unit: 'revisions', bar: 0 }
const cuts = { name: '50 power cuts of the image: revisions lost', unit: 'revisions', bar: 0 }
const fuzz = { name: '200,000 odd inputs: crashes, hangs, 5xx', unit: 'failures', bar: 0 }

const groups: readonly Group[] = [
  { name: 'import', bars: Object.values(imports), measure: measureImport },
  { name: 'box', bars: Object.values(box), measure: measureBox },
  { name: 'kills', bars: [kills], measure: measureKills },
  { name: 'cuts', bars: [cuts], measure: () => measureCuts(cuts) },
  { name: 'fuzz', bars: [fuzz], measure: measureFuzz },
]
const names = groups.map(({ name }) => name)
const { json, only: wanted } = commandLine({
  name: 'bench:config',
  about:
    'What a configuration of 1,000 services of 10 servers costs, and what survives of it\n' +
    '(docs/benchmarks.md). It needs root, and a machine that does nothing else.',
  options: { json: jsonFile, only: some(names, 'these alone') },
})

const tree = resolve(import.meta.dirname, '../..')
const product = await shippedProduct(tree)
const cases: Case[] = []
for (const group of groups) {
  cases.push(...(wanted.includes(group.name) ? await casesOf(group) : leftOut(group)))
}
print(cases)
if (json !== null) writeJson(json, cases)
process.exitCode = cases.every(({ pass }) => pass) ? 0 : 1

async function casesOf({ name, bars, measure }: Group): Promise<readonly Case[]> {
  say(`== ${name}`)
  try {
    return await measure()
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    say(`   not measured: ${words}`)
    return bars.map(bar => notMeasured(bar, words.replaceAll(/\s+/g, ' ').slice(0, 300)))
  }
}

function leftOut({ name, bars }: Group): readonly Case[] {
  return bars.map(bar => notMeasured(bar, `--only left out "${name}"`))
}

async function measureImport(): Promise<readonly Case[]> {
  const { own, keepalived, memory } = await measureImports(product)
  return [
    compared(imports.time, own, 'keepalived -t', keepalived),
    measured(imports.memory, memory),
  ]
}

async function measureBox(): Promise<readonly Case[]> {
  // On one processor, as bench:ipvs says.
  execFileSync('taskset', ['-a', '-p', '-c', '0', String(process.pid)], { stdio: 'ignore' })
  const { firstApply, apply, status, statusBytes, services, servicesBytes, news, newsBytes } =
    await samplesInside()
  const middle = [...news].sort((a, b) => a - b)[news.length >> 1] ?? 0
  return [
    {
      ...measured(box.apply, apply),
      notes: [`the whole document, from empty: ${Math.round(firstApply)} ms`],
    },
    { ...measured(box.status, status), notes: [`${statusBytes} bytes`] },
    { ...measured(box.services, services), notes: [`${servicesBytes} bytes`] },
    {
      ...measured(box.news, newsBytes),
      notes: [`from the request to the event ${Math.round(middle)} ms`],
    },
  ]
}

async function measureKills(): Promise<readonly Case[]> {
  // Throws when one is lost, or one is half there.
  const { kills: count, acknowledged, cut, seed } = await killWriters(500)
  const hit = `${acknowledged} revisions acknowledged, ${cut} commits were hit`
  const note = `${count} kills, ${hit}, seed ${seed}`
  return [{ ...measured(kills, [0]), notes: [note] }]
}

async function measureFuzz(): Promise<readonly Case[]> {
  const args = ['--inputs', '180000', '--requests', '20000'] as const
  const program = resolve(tree, 'tests/fuzz/config.ts')
  // It ends otherwise when one throws, hangs, or is answered with 5xx.
  const { output } = await runShown([process.execPath, program, ...args], { cwd: tree })
  return [{ ...measured(fuzz, [0]), notes: output.trim().split('\n') }]
}
