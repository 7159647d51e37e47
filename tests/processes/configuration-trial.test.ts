import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openStore, type Store } from '../../appliance/store/store.ts'
import { momentAfter, type Trial, thisMoment } from '../../appliance/store/trial.ts'
import { milliseconds, minutes } from '../../appliance/values/duration.ts'
import {
  ConfiguredRun,
  configuredRun,
  document,
  schedulerTo,
  weightTo,
} from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, temporaryFolder, until } from './supervisor-lab.ts'
import { statusOf } from './supervisor-run.ts'

const isBack = (box: ConfiguredRun) =>
  until(
    'it has gone back',
    async () => (await box.current()).revision,
    seen => seen?.reason.startsWith('back to revision 1'),
  )

/** Revision 1 by `rr`, and revision 2 by `wrr` on trial, of clocks that were never right. */
function storeOnTrial(folder: string, until: Trial['until']): Store {
  const store = openStore(join(folder, 'state/config'))
  const change = { author: 'somebody', reason: '' }
  const early = { ...change, document: document(1), time: new Date('2071-01-01'), trialUntil: null }
  store.commit(0, early)
  const late = { ...change, document: document(1, 'wrr'), time: new Date('1999-01-01') }
  store.commit(1, { ...late, trialUntil: until })
  assert.equal(store.newest?.trial?.fallBackTo, 1)
  return store
}

async function startWith(t: TestContext, until: Trial['until']): Promise<ConfiguredRun> {
  const folder = temporaryFolder()
  storeOnTrial(folder, until)
  const box = new ConfiguredRun(t, folder)
  await box.answers()
  return box
}

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('what nobody confirms goes back by itself, also after a kill', async t => {
    const folder = temporaryFolder()
    const first = await configuredRun(t, folder)
    const tried = await first.change({ ...schedulerTo('wrr'), confirmWithin: '8s' })
    assert.equal(tried.body.trial.fallBackTo, 1)
    await first.scheduler('wrr')
    const second = await first.change(weightTo(7))
    assert.deepEqual([second.status, second.body.reason], [409, 'on-trial'])
    await first.kill()

    const box = new ConfiguredRun(t, folder)
    const status = await box.answers()
    assert.equal(status?.configuration?.trial?.fallBackTo, 1)
    assert.ok((status?.configuration?.trial?.secondsLeft ?? 99) <= 8)
    assert.equal((await isBack(box)).number, 3)
    await box.scheduler('rr')
    assert.equal((await statusOf(box.run.runDir))?.configuration?.trial, null)
    const events = (await box.events()).join('\n')
    assert.match(events, /configuration-on-trial: revision 2 of .*\n.*configuration-fell-back: rev/)
    await box.apply(weightTo(7))
  })

  test('what is confirmed stays', async t => {
    const box = await configuredRun(t, temporaryFolder())
    await box.apply({ ...schedulerTo('wrr'), confirmWithin: '5s' })
    const { status, body } = await box.ask('POST', 'configuration/confirmation')
    assert.deepEqual([status, body.revision.number], [200, 3])
    assert.equal((await box.current()).trial, null)
    // Longer than the trial would have been.
    await new Promise(resolve => setTimeout(resolve, 6000))
    assert.equal((await box.current()).revision.number, 3)
    await box.scheduler('wrr')
  })

  test('somebody ends a trial', async t => {
    const box = await configuredRun(t, temporaryFolder())
    await box.apply({ ...schedulerTo('wrr'), confirmWithin: '1h' })
    const { status, body } = await box.ask('DELETE', 'configuration/trial')
    assert.deepEqual([status, body.revision.number], [200, 3])
    await box.scheduler('rr')
  })

  test('the first revision cannot be tried', async t => {
    const box = new ConfiguredRun(t, temporaryFolder())
    await box.answers()
    const { status, body } = await box.change({ document: document(1), confirmWithin: '1m' })
    assert.deepEqual([status, body.reason], [409, 'nothing-before'])
    assert.equal((await box.current()).document, null)
  })

  test('a trial whose time ran out while nothing ran is over at the start', async t => {
    const box = await startWith(t, momentAfter(thisMoment(), milliseconds(-1)))
    assert.equal((await isBack(box)).number, 3)
    await box.scheduler('rr')
  })

  test('a trial of another boot is over: the change may be why there was one', async t => {
    const box = await startWith(t, { ...momentAfter(thisMoment(), minutes(60)), boot: 'another' })
    assert.equal((await isBack(box)).number, 3)
    await box.scheduler('rr')
  })

  test('what the wall clock says of the revisions does not matter', async t => {
    const box = await startWith(t, momentAfter(thisMoment(), minutes(60)))
    await box.scheduler('wrr')
    const { revision, trial } = await box.current()
    assert.deepEqual([revision.number, trial.fallBackTo], [2, 1])
    assert.ok(trial.secondsLeft > 3500, `${trial.secondsLeft} s`)
  })
})
