import assert from 'node:assert/strict'
import { test } from 'node:test'
import { weightTo } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { pairedBoxes } from './pair-run.ts'
import { compileNative } from './supervisor-lab.ts'

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('the second box has what the first has, and each change is on both', async t => {
    const [host, joiner] = await pairedBoxes(t)
    assert.equal(await joiner.box.weight(), 1)
    const [there, here] = [await host.pair(), await joiner.pair()]
    assert.equal(here.peer?.address, '127.0.0.1')
    assert.notEqual(here.peer?.fingerprint, there.peer?.fingerprint)

    await host.box.apply(weightTo(5))
    await joiner.weight(5)
    await joiner.box.apply(weightTo(7))
    await host.weight(7)
    const { revision } = await host.box.current()
    assert.match(revision.author, /\(on the box\) at /)

    // Its own half is its own business, and what contradicts it is refused on both.
    const add = {
      op: 'add',
      path: '/node',
      value: { checks: { quiet: { source: '127.0.0.1' } } },
    } as const
    await joiner.box.apply({ patch: [add] })
    const removed = await host.change({
      patch: [
        { op: 'replace', path: '/cluster/services/web/checks', value: ['tcp'] },
        { op: 'remove', path: '/cluster/checks/quiet' },
      ],
    })
    assert.deepEqual([removed.status, removed.body.reason], [409, 'not-taken'])
    assert.match(removed.body.detail, /^the peer .*: node\.checks\.quiet/)
    assert.equal((await host.box.current()).document.node, undefined)

    // A trial is on both, and so is the word that ends it.
    await host.box.apply({ ...weightTo(9), confirmWithin: '5m' })
    await joiner.weight(9)
    assert.equal((await host.box.ask('DELETE', 'configuration/trial')).status, 200)
    await joiner.weight(7)
    await joiner.box.apply({ ...weightTo(11), confirmWithin: '5m' })
    await host.weight(11)
    const kept = await host.box.ask('POST', 'configuration/confirmation')
    assert.equal(kept.status, 200, JSON.stringify(kept.body))
    assert.equal(
      (await joiner.box.ask('DELETE', 'configuration/trial')).body.reason,
      'nothing-on-trial',
    )
    for (const box of [host, joiner]) {
      assert.equal(await box.box.weight(), 11)
      assert.equal((await box.pair()).state, 'in-sync')
    }
  })
})
