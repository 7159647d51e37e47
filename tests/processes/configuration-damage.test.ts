import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from '../../appliance/store/store.ts'
import { ConfiguredRun, document, schedulerTo } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { compileNative, temporaryFolder } from './supervisor-lab.ts'

const alarmsOf = async (box: ConfiguredRun) =>
  ((await box.ask('GET', 'status')).body.alarms as readonly { reason: string; message: string }[])
    .filter(({ reason }) => reason.startsWith('configuration-'))
    .map(({ reason, message }) => `${reason}: ${message}`)

const change = { author: 'somebody', reason: '', time: new Date(), trialUntil: null }

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('a damaged newest revision: an alarm, and the one before is in force', async t => {
    const folder = temporaryFolder()
    const store = openStore(join(folder, 'state/config'))
    store.commit(0, { ...change, document: document(1) })
    store.commit(1, { ...change, document: document(1, 'wrr') })
    const file = join(folder, 'state/config/revisions/00000002.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('wrr', 'wlc'))

    const box = new ConfiguredRun(t, folder)
    await box.answers()
    await box.scheduler('rr')
    const [alarm, ...others] = await alarmsOf(box)
    assert.deepEqual(others, [])
    assert.match(
      alarm ?? '',
      /^configuration-damaged: .*00000002\.json: it does not match its checksum\. Revision 1 is in/,
    )
    const { damage, revisions } = (await box.ask('GET', 'configuration/revisions')).body
    assert.match(String(damage), /^[^,]*00000002\.json: it does not match its checksum$/)
    assert.deepEqual(
      revisions.map((each: { readonly number: number }) => each.number),
      [1],
    )

    const { number } = await box.apply({ ...schedulerTo('wlc'), parent: 1 })
    assert.equal(number, 3)
    await box.scheduler('wlc')
    assert.deepEqual(await alarmsOf(box), [])
  })

  test('a newest revision that is refused: an alarm, and nothing is deleted', async t => {
    const folder = temporaryFolder()
    const store = openStore(join(folder, 'state/config'))
    store.commit(0, { ...change, document: document(1) })
    const later = { ...document(1, 'wrr'), invented: 'by later software' }
    store.commit(1, { ...change, document: later })

    const box = new ConfiguredRun(t, folder)
    await box.answers()
    await box.scheduler('rr')
    const [alarm] = await alarmsOf(box)
    assert.match(
      alarm ?? '',
      /^configuration-refused: This software refuses revision 2: invented: .*Revision 1 is in/,
    )
    assert.equal(
      (await box.ask('GET', 'configuration/revisions/2')).body.document.invented,
      'by later software',
    )
    // On top of what is in force, and not of what cannot be.
    assert.equal((await box.apply({ ...schedulerTo('wlc'), parent: 1 })).number, 3)
  })
})
