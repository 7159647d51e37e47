import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { PeerFrame } from '../../appliance/pairing/peer-frames.ts'
import { PeerTalk } from '../../appliance/supervisor/pair/peer-talk.ts'
import { exampleStatus } from '../processes/example-status.ts'

/** Two boxes that are this one process, so that their clocks are the same. */
function twoOf(thereMs: number, backMs: number, isKept = false) {
  const sent: PeerFrame[] = []
  const site = { isLinked: () => true, onReport: () => undefined, isSynchronised: () => isKept }
  const knownOf = async (keys: readonly string[]) => ({ known: keys.length - 1, why: '' })
  const here: PeerTalk = new PeerTalk({
    ...{ ...site, knownOf },
    send: frame => {
      sent.push(frame)
      setTimeout(() => there.heard(frame), thereMs)
    },
  })
  const there: PeerTalk = new PeerTalk({
    ...{ ...site, knownOf },
    send: frame => void setTimeout(() => here.heard(frame), backMs),
  })
  return { here, there, sent }
}

test('the error of the clocks is what it says, also when one way is longer', async () => {
  for (const [there, back] of [
    [0, 0],
    [1, 12],
    [12, 1],
  ] as const) {
    const offset = await twoOf(there, back).here.clockOffset()
    assert.ok(offset !== null)
    assert.ok(Math.abs(offset.ms) <= offset.withinMs, JSON.stringify(offset))
    assert.ok(offset.withinMs >= (there + back) / 2 - 1, JSON.stringify(offset))
  }
})

test('the time of day comes with a word about who keeps it', async () => {
  const { here } = twoOf(0, 0, true)
  const time = await here.timeAhead()
  assert.ok(time?.isKept)
  assert.equal((await twoOf(0, 0).here.timeAhead())?.isKept, false)
})

test('what is asked of the peer is answered, or nothing is said to be known', async () => {
  const { here } = twoOf(0, 0)
  assert.deepEqual(await here.connectionsKnown(['a', 'b', 'c']), { known: 2, why: '' })
  const asked = here.connectionsKnown(['a'])
  here.cut()
  assert.deepEqual(await asked, { known: null, why: 'the peer does not answer' })
})

test('a box says how it is when that changes, and not more than twice a second', async () => {
  const { here, there, sent } = twoOf(0, 0)
  here.own(exampleStatus)
  here.own(exampleStatus)
  for (const count of [1, 2, 3]) {
    here.own({ ...exampleStatus, alarms: exampleStatus.alarms.slice(0, 1).concat(alarms(count)) })
  }
  assert.equal(sent.length, 1)
  await pause(700)
  assert.equal(sent.length, 2)
  assert.equal(there.report?.alarms, exampleStatus.alarms.slice(0, 1).length + 3)
  await pause(700)
  assert.equal(sent.length, 2)
  here.linked()
  await pause(20)
  assert.equal(sent.length, 3, 'a new connection hears it anew')
})

const alarms = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ reason: `r${n}`, message: 'm', since: '' }))
