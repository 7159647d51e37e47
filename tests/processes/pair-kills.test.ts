import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { weightTo } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { moment, type PairBox, pairedBoxes } from './pair-run.ts'
import { compileNative } from './supervisor-lab.ts'

const revisionsOf = ({ box }: PairBox): number =>
  readdirSync(join(box.store, 'revisions')).filter(name => /^\d+\.json$/.test(name)).length

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('whoever is killed in the middle of a change: what was acknowledged is on both', async t => {
    const boxes = await pairedBoxes(t)
    const kills = [
      { writer: 0, killed: 1, after: 0 },
      { writer: 1, killed: 1, after: 15 },
      { writer: 0, killed: 0, after: 'it is written' },
    ] as const
    let weight = 10
    for (const { writer, killed, after } of kills) {
      weight += 1
      const before = await boxes[writer].box.weight()
      const revisions = revisionsOf(boxes[writer])
      const asked = boxes[writer].change(weightTo(weight)).then(
        ({ status }) => status,
        () => null,
      )
      if (typeof after === 'number') await wait(after)
      else await moment(after, () => revisionsOf(boxes[writer]) > revisions)
      await boxes[killed].kill()
      const status = await asked
      await boxes[killed].startAgain()
      await Promise.all(boxes.map(box => box.state('in-sync')))
      const [one, other] = await Promise.all(boxes.map(box => box.box.weight()))
      assert.equal(one, other)
      const isThere = status === 200 || typeof after === 'string'
      const allowed = isThere ? [weight] : [before, weight]
      assert.ok(allowed.includes(one), `${one} after ${status}, expected ${allowed.join(' or ')}`)
      t.diagnostic(`killed ${killed} after ${after}: answer ${status}, both have ${one}`)
    }
  })
})
