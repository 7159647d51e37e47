import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ensemble } from '../../appliance/vrrp/ensemble.ts'
import { runBatch, sameAgain } from '../sim/batch.ts'
import { faultKinds } from '../sim/faults.ts'
import { simulate } from '../sim/simulation.ts'
import { spoiledEnsembles } from '../sim/spoiled.ts'
import type { Options } from '../sim/world.ts'

/** `npm run sim` has the next ten thousand. */
const count = 300

test('every invariant holds, and every kind of fault occurs', () => {
  const report = runBatch({ from: 1, count })
  const { failed } = report
  const replay = failed === null ? '' : `npm run sim -- --seed ${failed.seed} --log`
  assert.equal(failed, null, `seed ${failed?.seed}: ${failed?.violation}; replay: ${replay}`)
  const missing = faultKinds.filter(kind => !report.seen.has(`fault: ${kind}`))
  assert.deepEqual(missing, [])
})

/** Of the first seeds: what was looked for, or else what came first. */
function violationOf(options: Partial<Options>, wanted: RegExp): string {
  let first = 'none'
  for (let seed = 1; seed <= count; seed++) {
    const { violation } = simulate(seed, options)
    if (violation !== null && wanted.test(violation)) return violation
    if (first === 'none') first = violation ?? 'none'
  }
  return first
}

for (const { what, noticed, brain } of spoiledEnsembles) {
  test(`an ensemble that ${what} is noticed`, () => {
    assert.match(violationOf({ brain }, noticed), noticed)
  })
}

test('a shell whose late timer comes before the waiting adverts is noticed', () => {
  const noticed = /moves without need: backup -> master/
  assert.match(violationOf({ timerFirst: true }, noticed), noticed)
})

test('two runs of one seed that differ are noticed, with the first line that does', () => {
  let fed = 0
  /** What it says depends on how often others were asked before. */
  const brain = () => {
    const ensemble = new Ensemble()
    const feed: Ensemble['feed'] = input => {
      const effects = ensemble.feed(input)
      fed += 1
      if (input.input !== 'AdvertReceived' || fed % 97 > 0) return effects
      const { router, source } = input
      const notice = { reason: 'own-address', address: source } as const
      return [...effects, { effect: 'Noticed', notice, router }]
    }
    return { feed, wakeAt: () => ensemble.wakeAt(), members: () => ensemble.members() }
  }
  const differing = sameAgain(3, log => simulate(3, { brain, log }))
  assert.match(differing.violation ?? '', /two runs of seed 3 differ:\n {2}.+\n {2}.+/)
  assert.equal(sameAgain(3, log => simulate(3, { log })).violation, null)
})

const spoiled = spoiledEnsembles.find(({ what }) => what === 'gives up for no reason')
assert.ok(spoiled)
const { what, brain } = spoiled
const failing = (seed: number): boolean => simulate(seed, { brain }).violation !== null
const firstFailing = Array.from({ length: count }, (_, index) => index + 1).find(failing)

test('a batch ends with the first seed that fails', () => {
  const { failed, seen } = runBatch({ from: 1, count }, { brain })
  assert.equal(failed?.seed, firstFailing)
  const runs = ['mixed', 'steady'].map(manner => seen.get(`manner: ${manner}`)?.runs ?? 0)
  assert.equal(runs[0]! + runs[1]!, firstFailing)
})

const sim = (...args: string[]) => {
  const main = join(import.meta.dirname, '../sim/main.ts')
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
}

test('the command fails with the first seed that does, and says how to replay it', () => {
  const { status, stderr } = sim('--seeds', '350', '--jobs', '2', '--spoiled', what)
  assert.equal(status, 1)
  const replay = `--seed ${firstFailing} --log --spoiled '${what}'`
  assert.match(
    stderr,
    new RegExp(`^seed ${firstFailing}: at [^]*\\nreplay it with: .* ${replay}\\n$`),
  )

  const again = sim('--seed', String(firstFailing), '--log', '--spoiled', what)
  assert.equal(again.status, 1)
  assert.match(again.stdout, /\n +\d+\.\d{3} {2}VIOLATION at .*\nseed \d+: at .*\n$/)
})

test('the command counts what happened, and says how fast it was', () => {
  const { status, stdout } = sim('--seeds', '20', '--from', '5', '--jobs', '2')
  assert.equal(status, 0)
  for (const kind of faultKinds)
    assert.match(stdout, new RegExp(`\\n {2}fault: ${kind} +\\d+ +\\d+\\n`))
  assert.match(stdout, /\n20 seeds in [\d.]+ s \(\d+ per second\), .* digest [\da-f]{8}\n$/)
})
