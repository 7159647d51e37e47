import assert from 'node:assert/strict'
import { test } from 'node:test'
import { weightTo } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { PairBox, pairedBoxes, twoBoxes } from './pair-run.ts'
import { compileNative } from './supervisor-lab.ts'

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('a new box takes the place of one that is gone, and a pair ends cleanly', async t => {
    const [host, old] = await pairedBoxes(t)
    const before = (await host.pair()).peer?.fingerprint
    await old.kill()
    await host.box.apply(weightTo(2))
    const fresh = await PairBox.start(t)
    const { status, body } = await fresh.join(host, await host.code())
    assert.equal(status, 200, JSON.stringify(body))
    await Promise.all([host.state('in-sync'), fresh.state('in-sync')])
    assert.equal(await fresh.box.weight(), 2)
    const after = (await host.pair()).peer?.fingerprint
    assert.notEqual(after, before)

    // Who was replaced is not let in any more.
    await old.startAgain()
    await old.state('alone')
    await host.box.apply(weightTo(3))
    await fresh.weight(3)
    assert.equal(await old.box.weight(), 1)
    assert.equal((await host.pair()).peer?.fingerprint, after)

    assert.equal((await fresh.box.ask('DELETE', 'pair')).body.state, 'single')
    await host.state('single')
    await host.box.apply(weightTo(4))
    assert.equal(await fresh.box.weight(), 3)
    assert.deepEqual((await host.box.ask('DELETE', 'pair')).body.reason, 'not-paired')
  })

  test('a box on which a router has no interface is told so, and nobody is paired', async t => {
    const [host, joiner] = await twoBoxes(t)
    const router = { interface: 'wan', virtualRouterId: 1, virtualAddresses: ['192.0.2.9/24'] }
    const add = { op: 'add', path: '/cluster/routers', value: { VI_1: router } } as const
    await host.box.apply({ patch: [add] })
    const { status, body } = await joiner.join(host, await host.code())
    assert.deepEqual([status, body.reason], [409, 'not-taken'])
    assert.match(body.detail, /^VI_1 is on wan, .* --interface VI_1=PORT/)
    await Promise.all([host.state('single'), joiner.state('single')])
    assert.equal((await joiner.box.current()).document, null)
  })
})
