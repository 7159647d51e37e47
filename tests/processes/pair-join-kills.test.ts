import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { weightTo } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { moment, type PairBox, twoBoxes } from './pair-run.ts'
import { compileNative } from './supervisor-lab.ts'

type Known = { readonly agreed: { readonly count: number } } | null

/** Whom the box trusts, as it is written down. */
function trusted({ folder }: PairBox): { readonly peer: Known; readonly guest: Known } {
  try {
    return JSON.parse(readFileSync(join(folder, 'state/peer.json'), 'utf8'))
  } catch {
    return { peer: null, guest: null }
  }
}

/** What a join writes down, one after the other; once it is there it stays, or more is. */
const steps = {
  'the host knows its guest': host => trusted(host).guest !== null || trusted(host).peer !== null,
  'the joiner knows its peer': (_, joiner) => trusted(joiner).peer !== null,
  'the joiner has the configuration': (_, joiner) => (trusted(joiner).peer?.agreed.count ?? 0) > 0,
} as const satisfies Record<string, (host: PairBox, joiner: PairBox) => boolean>

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('a join that ends in the middle leaves two single boxes or a pair', async t => {
    const [host, joiner] = await twoBoxes(t)
    const kills = [
      [host, 'the host knows its guest'],
      [joiner, 'the host knows its guest'],
      [host, 'the joiner knows its peer'],
      [joiner, 'the joiner has the configuration'],
    ] as const
    for (const [killed, after] of kills) {
      const asked = joiner.join(host, await host.code()).catch(() => null)
      await moment(after, () => steps[after](host, joiner))
      await killed.kill()
      await killed.startAgain()
      // Who has not heard that it is let in is alone, and both can try again.
      const isAlone = trusted(joiner).peer === null
      if (isAlone) {
        await asked
        const { status, body } = await joiner.join(host, await host.code())
        assert.equal(status, 200, JSON.stringify(body))
      }
      await Promise.all([host.state('in-sync'), joiner.state('in-sync'), asked])
      assert.equal(await joiner.box.weight(), 1)
      const by = killed === host ? 'host' : 'joiner'
      t.diagnostic(`${by} killed when ${after}: ${isAlone ? 'joined again' : 'a pair by itself'}`)

      // And then it ends as every pair does, and each has its own.
      assert.equal((await host.box.ask('DELETE', 'pair')).status, 200)
      await joiner.state('single')
      assert.deepEqual(trusted(host), trusted(joiner))
      await joiner.box.apply(weightTo(77))
      assert.equal(await host.box.weight(), 1)
    }
  })
})
