import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PairStatus } from '../../appliance/status/pair-status.ts'
import { weightTo } from './configuration-run.ts'
import { inOwnNetwork } from './own-network.ts'
import { moment, type PairBox, pairedBoxes } from './pair-run.ts'
import { compileNative, until } from './supervisor-lab.ts'

const inState = ({ box }: PairBox, ...names: readonly string[]): string =>
  join(box.run.stateDir, ...names)

const pem = (box: PairBox): string => readFileSync(inState(box, 'pair', 'identity.pem'), 'utf8')
const nextOf = (box: PairBox): string => inState(box, 'pair', 'identity.next.pem')

const peerOf = (box: PairBox): { readonly fingerprint: string; readonly next: string | null } =>
  JSON.parse(readFileSync(inState(box, 'peer.json'), 'utf8')).peer

/** Connected, each knows the key of the other one, and no second one is left anywhere. */
async function settled(boxes: readonly PairBox[], what: string): Promise<readonly string[]> {
  const seen = await until(
    `the keys are settled ${what}`,
    () => Promise.all(boxes.map(box => box.pair())),
    ([one, other]) => {
      if (one?.state !== 'in-sync' || other?.state !== 'in-sync') return false
      const isKnown = (a: PairStatus, b: PairStatus) =>
        b.key?.isChanging === false && a.peer?.fingerprint === b.key.fingerprint
      return isKnown(one, other) && isKnown(other, one)
    },
    60_000,
  )
  for (const box of boxes) {
    assert.ok(!existsSync(nextOf(box)))
    assert.equal(peerOf(box).next, null)
  }
  return seen.map(({ key }) => key?.fingerprint ?? '')
}

/** Every file of the state, whoever wrote it. */
const textsOf = (box: PairBox): readonly string[] =>
  readdirSync(inState(box), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'))

inOwnNetwork(import.meta.filename, () => {
  compileNative()

  test('both boxes get new keys, and whoever is killed on the way: they connect', async t => {
    const boxes = await pairedBoxes(t)
    const [one, other] = boxes
    let before = await settled(boxes, 'at first')
    const [firstPem, firstNode] = [pem(one), statSync(inState(one, 'pair', 'identity.pem'))]

    const shows = await one.box.ask('POST', 'pair/code')
    assert.equal(shows.status, 200)
    const early = await one.box.ask('POST', 'pair/key', {})
    assert.deepEqual([early.status, early.body.reason], [409, 'not-in-sync'])
    assert.match(early.body.detail, /another box may join/)
    await one.box.ask('DELETE', 'pair/code')

    const renewed = await one.box.ask('POST', 'pair/key', { both: true })
    assert.deepEqual([renewed.status, renewed.body.state], [200, 'in-sync'])
    let after = await settled(boxes, 'after both have been renewed')
    assert.equal(renewed.body.key.fingerprint, after[0])
    assert.ok(
      after.every(key => !before.includes(key)),
      `${before.join()} became ${after.join()}`,
    )
    assert.ok(Date.parse(renewed.body.key.since) >= firstNode.mtimeMs)
    assert.equal(statSync(inState(one, 'pair', 'identity.pem')).mode & 0o777, 0o600)
    const secret = firstPem.split('\n')[2] ?? ''
    assert.ok(secret.length > 20 && !textsOf(one).some(text => text.includes(secret)))
    const said = (await one.events()).join('\n')
    assert.match(said, /pair-key: this box has a new key, SHA-256 .*: the old one is deleted/)
    assert.match(said, /pair-key-of-peer: .* shows its new key, .* let in with its old one/)

    let [current, known, weight] = ['', '', 10]
    // The first two take milliseconds: whoever looks late kills later.
    const isUsed = (): boolean => pem(one) !== current
    const isOld = true
    const longAgo = new Date(Date.now() - 100 * 24 * 3_600_000)
    const kills = [
      { killed: one, when: 'it has made a key', has: () => existsSync(nextOf(one)) || isUsed() },
      {
        killed: other,
        when: 'it has pinned it',
        has: () => peerOf(other).next !== null || isUsed(),
      },
      { killed: one, when: 'it uses it', has: isUsed },
      // Nobody asks for another key of that one: it is old.
      {
        killed: other,
        when: 'it has seen it',
        has: () => peerOf(other).fingerprint !== known,
        isOld,
      },
    ]
    for (const { killed, when, has, isOld = false } of kills) {
      before = after
      current = pem(one)
      known = peerOf(other).fingerprint
      weight += 1
      // What the other one was asked for is forgotten when it is killed.
      const both = killed === one
      const asked = one.box.ask('POST', 'pair/key', { both }).catch(() => null)
      const changed = other.change(weightTo(weight)).catch(() => null)
      await moment(when, has)
      await killed.kill()
      if (isOld) utimesSync(inState(killed, 'pair', 'identity.pem'), longAgo, longAgo)
      await killed.startAgain()
      if (isOld) {
        const [, old] = before
        await until(
          'a key that is old has become another one',
          () => killed.pair(),
          ({ key }) => key !== null && key.fingerprint !== old && !key.isChanging,
          60_000,
        )
      }
      after = await settled(boxes, `after ${when}`)
      await Promise.all([asked, changed])
      const [here, there] = await Promise.all(boxes.map(each => each.box.weight()))
      assert.equal(here, there)
      t.diagnostic(`killed when ${when}: ${before[0] === after[0] ? 'no' : 'a'} new key`)
    }
  })
})
