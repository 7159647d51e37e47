import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Stage } from '../../appliance/pairing/replication-state.ts'
import type { PairStatus } from '../../appliance/status/pair-status.ts'
import { pairAlarms, pairState } from '../../appliance/supervisor/pair/words.ts'

const peer = {
  fingerprint: 'AA',
  next: null,
  keySince: null,
  name: 'second',
  address: '192.0.2.12',
  port: 4343,
  version: '1.0.0',
  agreed: { hash: 'a', count: 1 },
}
const facts = {
  peer,
  waiting: 0,
  isLinked: true,
  isJoining: false,
  stage: { kind: 'in-sync' },
  cutWhy: null,
} as const

test('how far two boxes are with each other', () => {
  const states = [
    [{ ...facts, peer: null, stage: { kind: 'away' } }, 'single', /nobody/],
    [facts, 'in-sync', /second has the same configuration/],
    [{ ...facts, isJoining: true, stage: { kind: 'awaiting' } }, 'joining', /on its way/],
    [{ ...facts, stage: { kind: 'giving' } }, 'behind', /second takes the changes/],
    [{ ...facts, stage: { kind: 'refused', whys: ['no', 'never'] } }, 'behind', /no; never$/],
    [{ ...facts, stage: { kind: 'conflict', why: 'both' } }, 'conflict', /^both$/],
    [{ ...facts, isLinked: false, waiting: 1 }, 'alone', /is away: 1 change waits$/],
    [{ ...facts, isLinked: false, cutWhy: 'reset' }, 'alone', /second is away: reset$/],
  ] as const
  for (const [given, state, why] of states) {
    const found = pairState(given)
    assert.equal(found.state, state)
    assert.match(found.why, why)
  }
})

test('a peer that is away is an alarm when it stays away; a conflict, a refusal at once', () => {
  const known = { ...peer, heardAt: null, report: null }
  const status = { since: '', why: '', peer: known, key: null, codeExpiresAt: null, handover: null }
  const reasons = (state: PairStatus['state'], isLate: boolean, stage: Stage['kind'] = 'away') =>
    pairAlarms({ ...status, state }, stage, isLate).map(({ reason }) => reason)
  assert.deepEqual(reasons('alone', false), [])
  assert.deepEqual(reasons('alone', true), ['peer-away'])
  assert.deepEqual(reasons('conflict', false), ['pair-conflict'])
  assert.deepEqual(reasons('in-sync', true), [])
  assert.deepEqual(reasons('behind', false, 'giving'), [])
  assert.deepEqual(reasons('behind', false, 'refused'), ['pair-out-of-sync'])
  assert.deepEqual(pairAlarms({ ...status, peer: null, state: 'alone' }, 'away', true), [])
})
