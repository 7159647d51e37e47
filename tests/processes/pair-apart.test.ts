import assert from 'node:assert/strict'
import { test } from 'node:test'
import { weightTo } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { pairedBoxes } from './pair-run.ts'
import { compileNative, until } from './supervisor-lab.ts'

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('who was away catches up; changes of both are a conflict until it is ended', async t => {
    const [host, joiner] = await pairedBoxes(t)
    await joiner.kill()
    const alone = await host.state('alone')
    assert.match(alone.why, /is away/)
    await host.box.apply(weightTo(3))
    await host.box.apply(weightTo(4))
    assert.match((await host.pair()).why, /2 changes wait/)
    await until(
      'an alarm says that the peer is away',
      async () => (await host.box.ask('GET', 'status')).body,
      ({ alarms: raised }) =>
        raised.some(({ reason }: { reason: string }) => reason === 'peer-away'),
    )
    await joiner.startAgain()
    await joiner.weight(4)
    await host.state('in-sync')

    await joiner.kill()
    await host.state('alone')
    await host.box.apply(weightTo(5))
    await host.kill()
    await joiner.startAgain()
    await joiner.box.apply(weightTo(6))
    await host.startAgain()
    for (const box of [host, joiner]) await box.state('conflict')
    assert.deepEqual([await host.box.weight(), await joiner.box.weight()], [5, 6])
    const { conflict } = await until(
      'what differs is known',
      () => host.pair(),
      seen => seen.conflict !== null,
    )
    assert.deepEqual(conflict?.differences, ['cluster.services.web.servers.a.weight: 5 -> 6'])
    const resolved = await host.box.ask('POST', 'pair/resolution', { keep: 'theirs' })
    assert.equal(resolved.status, 200, JSON.stringify(resolved.body))
    await host.weight(6)
    for (const box of [host, joiner]) await box.state('in-sync')
    await host.box.apply(weightTo(8))
    await joiner.weight(8)
  })
})
