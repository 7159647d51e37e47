/**
 * `npm run bench:pair -- [--json FILE] [--rounds N] [--image FILE]`: a pair from the image in QEMU,
 * from its wizards to a power cut, beside two stock Debians with keepalived. How it is measured
 * stands in docs/benchmarks.md. It needs root, and a machine that does nothing else.
 */

import { join, resolve } from 'node:path'
import { findAccelerator } from '../../image/run/accelerator.ts'
import { newestImage } from '../../image/run/newest-image.ts'
import { commandLine, json as jsonFile, number, text } from '../lab/command-line.ts'
import { type SetUp, setUpByWizard } from './pair/diarch-pair.ts'
import { keepalivedPair } from './pair/keepalived-pair.ts'
import { powerCut, requestsTo, settled, type VmPair } from './pair/power-cut.ts'
import { type Case, compared, measured, notMeasured, print, writeJson } from './report.ts'
import { Scope } from './scope.ts'
import { say } from './shown.ts'

const top = resolve(import.meta.dirname, '../..')
const wish = commandLine({
  name: 'bench:pair',
  about:
    'A pair from the image in QEMU, from its wizards to a power cut, beside two stock Debians\n' +
    'with keepalived (docs/benchmarks.md). It needs root, and a machine that does nothing else.',
  options: {
    json: jsonFile,
    rounds: number(1, 3, 'power cuts of each pair'),
    image: text('FILE', 'the image (the newest in dist)'),
  },
})
const { rounds } = wish

const bars = {
  first: { name: 'answers typed on the first box', unit: '', bar: 12 },
  second: { name: 'answers typed on the second box', unit: '', bar: 3 },
  reboots: { name: 'reboots until the address serves', unit: '', bar: 0 },
  join: { name: 'last answer to "in sync, BACKUP"', unit: 's', bar: 20 },
  change: { name: 'a change of one box is on both', unit: 's', bar: 1 },
  cut: { name: 'power cut of the master: requests without answer', unit: 'ms', bar: 0.25 },
}
const changeRounds = 5

const started = performance.now()
const cases: Case[] = []
const missing = new Set(Object.values(bars))
const add = (of: Case, bar: (typeof bars)[keyof typeof bars]): void => {
  missing.delete(bar)
  cases.push(of)
}
try {
  await Scope.with(measure)
} catch (error) {
  const words = error instanceof Error ? error.message : String(error)
  say(`   not measured: ${words}`)
  const why = words.replaceAll(/\s+/g, ' ').slice(0, 300)
  for (const bar of missing) cases.push(notMeasured(bar, why))
}
print(cases)
console.log(`\n${((performance.now() - started) / 60_000).toFixed(1)} minutes`)
if (wish.json !== null) writeJson(wish.json, cases)
process.exitCode = cases.every(({ pass }) => pass) ? 0 : 1

async function measure(scope: Scope): Promise<void> {
  const image = resolve(wish.image ?? process.env.DIARCH_IMAGE ?? newestImage())
  // The peer's disk has no slot to probe with, so both run on what suits the image.
  process.env.DIARCH_ACCEL = await findAccelerator(image)
  say('== two boxes by their wizards')
  const own = await setUpByWizard(scope, image, changeRounds)
  report(own)
  say('== two stock Debians with keepalived')
  const peer = await keepalivedPair(scope, join(top, 'build/peer'))
  await settled(peer, null)
  await cuts(own.pair, peer)
}

function report({ typed, reboots, joinSeconds, changes }: SetUp): void {
  add(measured(bars.first, [typed.first]), bars.first)
  add(measured(bars.second, [typed.second]), bars.second)
  add(measured(bars.reboots, [reboots]), bars.reboots)
  add(measured(bars.join, [joinSeconds]), bars.join)
  const told = changes.map(change => `${Math.round(change.told)}`).join(', ')
  const both = measured(
    bars.change,
    changes.map(change => change.both / 1000),
  )
  add({ ...both, notes: [`whoever asked had the answer after ${told} ms`] }, bars.change)
}

async function cuts(own: VmPair, peer: VmPair): Promise<void> {
  const sides = [own, peer].map(pair => ({ pair, outages: [] as number[] }))
  const clients = new Map<VmPair, Awaited<ReturnType<typeof requestsTo>>>()
  for (const { pair } of sides) clients.set(pair, await requestsTo(pair.client))
  for (let round = 1; round <= rounds; round += 1) {
    for (const { pair } of sides) await settled(pair, clients.get(pair) ?? null)
    for (const { pair, outages } of round % 2 === 1 ? sides : sides.toReversed()) {
      const requests = clients.get(pair)
      if (requests === undefined) throw new Error(`${pair.product} has no client`)
      const outage = await powerCut(pair, requests)
      say(`== round ${round} of ${rounds}: ${pair.product} ${outage.toFixed(0)} ms`)
      outages.push(outage)
    }
    // After the last one nobody waits for a boot.
    if (round < rounds) for (const { pair } of sides) await pair.first.powerOn()
  }
  const [ours, theirs] = sides.map(({ outages }) => outages)
  const name = 'Debian 13, keepalived'
  add(compared(bars.cut, ours ?? [], name, theirs ?? []), bars.cut)
}
