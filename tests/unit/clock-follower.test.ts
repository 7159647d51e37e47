import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClockFollower } from '../../appliance/supervisor/pair/clock-follower.ts'

/** How far the clock was set, after one look at a peer that is so far ahead. */
async function asked(ahead: number | null, isSynchronised: boolean) {
  const set: number[] = []
  const site = {
    appliance: true,
    isSynchronised: () => isSynchronised,
    ahead: async () => ahead,
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

test('nobody is set back, nor for less than it could be set', async () => {
  for (const ahead of [-7000, 900, null]) assert.deepEqual(await asked(ahead, false), [])
})
