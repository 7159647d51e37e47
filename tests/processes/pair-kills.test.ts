import assert from 'node:assert/strict'
import { test } from 'node:test'
import { weightTo } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { pairedBoxes, twoBoxes } from './pair-run.ts'
import { compileNative } from './supervisor-lab.ts'

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('whoever is killed in the middle of a change: what was acknowledged is on both', async t => {
    const boxes = await pairedBoxes(t)
    const steps = [
      { writer: 0, killed: 1, after: 0 },
      { writer: 1, killed: 1, after: 15 },
      { writer: 0, killed: 0, after: 30 },
    ] as const
    let weight = 10
    for (const { writer, killed, after } of steps) {
      weight += 1
      const before = await boxes[writer].box.weight()
      const asked = boxes[writer].change(weightTo(weight)).then(
        ({ status }) => status,
        () => null,
      )
      await new Promise(resolve => setTimeout(resolve, after))
      await boxes[killed].kill()
      const status = await asked
      await boxes[killed].startAgain()
      await Promise.all(boxes.map(box => box.state('in-sync')))
      const [one, other] = await Promise.all(boxes.map(box => box.box.weight()))
      assert.equal(one, other)
      const allowed = status === 200 ? [weight] : [before, weight]
      assert.ok(allowed.includes(one), `${one} after ${status}, expected ${allowed.join(' or ')}`)
      t.diagnostic(`killed ${killed} after ${after} ms: answer ${status}, both have ${one}`)
    }
  })

  test('a join that ends in the middle leaves two single boxes or a pair', async t => {
    const [host, joiner] = await twoBoxes(t)
    const asked = joiner.join(host, await host.code()).catch(() => null)
    await new Promise(resolve => setTimeout(resolve, 100))
    await host.kill()
    await asked
    await host.startAgain()
    if ((await joiner.pair()).peer === null || (await host.pair()).peer === null) {
      const again = await joiner.join(host, await host.code())
      t.diagnostic(`joined again: ${again.status}`)
      assert.ok([200, 409].includes(again.status), JSON.stringify(again.body))
    }
    await Promise.all([host.state('in-sync'), joiner.state('in-sync')])
    assert.equal(await joiner.box.weight(), 1)
  })
})
