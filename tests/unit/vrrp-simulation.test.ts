import assert from 'node:assert/strict'
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
  const spoiled = sameAgain(3, log => simulate(3, { brain, log }))
  assert.match(spoiled.violation ?? '', /two runs of seed 3 differ:\n {2}.+\n {2}.+/)
  assert.equal(sameAgain(3, log => simulate(3, { log })).violation, null)
})

test('a batch ends with the first seed that fails', () => {
  const good = simulate(1)
  const report = runBatch({ from: 5, count: 10 }, seed => {
    return { ...good, seed, violation: seed === 8 ? 'broken' : null }
  })
  assert.deepEqual(report.failed, { seed: 8, violation: 'broken' })
  assert.deepEqual(report.seen.get('manner: mixed'), { runs: 4, times: 4 })
})
