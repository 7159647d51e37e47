import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClockFollower } from '../../appliance/supervisor/pair/clock-follower.ts'

/** How far the clock was set, after one look at a peer that is so far ahead. */
async function asked(aheadMs: number | null, isSynchronised: boolean, isKept = false) {
  const set: number[] = []
  const site = {
    appliance: true,
    isSynchronised: () => isSynchronised,
    ask: async () => (aheadMs === null ? null : { aheadMs, isKept }),
    note: () => undefined,
  }
  const follower = new ClockFollower(site, async ms => void set.push(ms))
  await follower.linked()
  follower.cut()
  return set
}

test('who is behind follows, unless a time server keeps its clock', async () => {
  assert.deepEqual(await asked(7000, false), [7000])
  assert.deepEqual(await asked(7000, true), [])
})

test('a clock that a time server keeps at the peer is followed back too', async () => {
  assert.deepEqual(await asked(-7000, false, true), [-7000])
  assert.deepEqual(await asked(7000, false, true), [7000])
  assert.deepEqual(await asked(-900, false, true), [])
  assert.deepEqual(await asked(-7000, true, true), [])
})

test('why a clock cannot be set is said once, until it could be', async () => {
  const notes: string[] = []
  const refusals = ['no', 'no', 'never', null, 'never']
  const site = {
    appliance: true,
    isSynchronised: () => false,
    ask: async () => ({ aheadMs: 7000, isKept: false }),
    note: (event: string, text: string) => void notes.push(`${event} ${text.split(' ').at(-1)}`),
  }
  const follower = new ClockFollower(site, async () => {
    const refusal = refusals.shift()
    if (typeof refusal === 'string') throw new Error(refusal)
  })
  while (refusals.length > 0) await follower.linked()
  follower.cut()
  assert.deepEqual(notes, [
    'clock-not-set no',
    'clock-not-set never',
    'clock-set set',
    'clock-not-set never',
  ])
})

test('nobody is set back after a clock that nobody keeps, nor by less than a second', async () => {
  for (const ahead of [-7000, 900, null]) assert.deepEqual(await asked(ahead, false), [])
})
