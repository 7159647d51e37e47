import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guardReport } from '../../appliance/guard/guard-report.ts'
import { LeaseBook } from '../../appliance/guard/lease-book.ts'
import { LeaseClaim } from '../../appliance/guard/lease-claim.ts'
import {
  decodeLease,
  encodeLease,
  type LeaseMessage,
  markIn,
  pairMark,
} from '../../appliance/guard/lease-message.ts'
import { leaseRestraint, otherNotices, wantsLeases } from '../../appliance/guard/lease-policy.ts'
import { Leases } from '../../appliance/guard/leases.ts'
import { instant, milliseconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { simulateLease } from '../sim/lease.ts'
import { guardConfig, guarded, hmac, secret } from './guard-words.ts'

const t = instant
const witness = 0xc0c1c2c3c4c5
const config = {
  name: 'third',
  address: ipAddress('203.0.113.9'),
  port: 9695,
  secret,
  time: milliseconds(500),
}
const question: LeaseMessage = {
  kind: 'hold',
  boot: 0xa0a1a2a3a4a5,
  sequence: 1,
  witness,
  clock: 6000,
  time: milliseconds(500),
  name: 'lb1',
}
const other = { boot: 0xb0b1b2b3b4b5, name: 'lb2' }

/** A witness that has run for long enough, at 6 s of its clock. */
const book = () => new LeaseBook(witness, t(0))
const ask = (of: LeaseBook, change: Partial<LeaseMessage>, at: number) =>
  of.answer({ ...question, clock: at, ...change }, t(at))

test('one box has the lease, and the other one after it has run out, with a margin', () => {
  const of = book()
  assert.deepEqual(ask(of, {}, 6000), { ...question, kind: 'yours' })
  const taken = ask(of, other, 6200)
  assert.deepEqual([taken?.kind, taken?.time, taken?.name], ['taken', 325, 'lb1'])
  assert.equal(ask(of, { sequence: 2 }, 6400)?.kind, 'yours')
  assert.equal(ask(of, { ...other, sequence: 2 }, 6924)?.kind, 'taken')
  assert.equal(ask(of, { ...other, sequence: 3 }, 6925)?.kind, 'yours')
  assert.equal(ask(of, { sequence: 3 }, 6950)?.kind, 'taken')
})

test('who gives it back has it no more; who only looks gets none', () => {
  const of = book()
  assert.equal(ask(of, { kind: 'look' }, 6000)?.kind, 'free')
  ask(of, { sequence: 2 }, 6000)
  assert.equal(ask(of, { ...other, kind: 'release' }, 6050)?.kind, 'taken', 'it is not its own')
  assert.equal(ask(of, { sequence: 3, kind: 'release' }, 6100)?.kind, 'free')
  assert.equal(ask(of, { ...other, sequence: 2 }, 6101)?.kind, 'yours')
})

test('a witness that has just started gives nothing away for the longest lease', () => {
  const of = book()
  const starting = ask(of, {}, 1000)
  assert.deepEqual([starting?.kind, starting?.time], ['starting', 4250])
  assert.equal(ask(of, { sequence: 2 }, 5249)?.kind, 'starting')
  assert.equal(ask(of, { sequence: 3 }, 5250)?.kind, 'yours')
})

test('what was recorded is never believed again', () => {
  const of = book()
  ask(of, {}, 6000)
  assert.equal(of.answer({ ...question, clock: 6000 }, t(6001)), null, 'the same again')
  assert.equal(ask(of, { sequence: 2, kind: 'release' }, 6002)?.kind, 'free')
  assert.equal(of.answer({ ...question, clock: 6000 }, t(6003)), null, 'an older one')
  assert.equal(of.answer({ ...question, sequence: 9, clock: 6000 }, t(16_001))?.kind, 'stale')
  assert.equal(of.answer({ ...question, clock: 6000, witness: 1 }, t(6004))?.kind, 'stale')
  assert.equal(of.answer({ ...question, sequence: 9, clock: 6900 }, t(6004))?.kind, 'stale')
  assert.equal(of.holder(t(16_002)), null)
})

test('a box counts its lease from the moment at which it asked', () => {
  const claim = new LeaseClaim(config, question.boot, 'lb1', t(0))
  const first = claim.ask(true, t(0))!
  assert.equal(claim.ask(true, t(50)), null, 'it is not due')
  claim.hear({ ...first, kind: 'stale', witness, clock: 6000 }, t(10))
  const second = claim.ask(true, t(10))!
  assert.deepEqual([second.kind, second.witness, second.clock], ['hold', witness, 6000])
  claim.hear({ ...second, kind: 'yours' }, t(300))
  assert.equal(claim.isHeld(t(459)), true)
  assert.equal(claim.isHeld(t(460)), false, '500 ms since 10, less a tenth')
  // An answer to what was asked before the release is worth nothing.
  const third = claim.ask(true, t(500))!
  assert.equal(claim.ask(false, t(501))?.kind, 'release')
  claim.ask(true, t(502))
  claim.hear({ ...third, kind: 'yours' }, t(503))
  assert.equal(claim.isHeld(t(504)), false)
})

test('whoever the witness gives it to meanwhile has it, whatever our clock says', () => {
  const claim = new LeaseClaim(config, question.boot, 'lb1', t(0))
  claim.hear({ ...claim.ask(true, t(0))!, kind: 'yours' }, t(1))
  claim.hear({ ...claim.ask(true, t(100))!, kind: 'taken', name: 'lb2' }, t(101))
  assert.equal(claim.isHeld(t(102)), false)
  assert.deepEqual(claim.picture(t(102)), { state: 'taken', by: 'lb2' })
  assert.deepEqual(claim.picture(t(700)), { state: 'silent' })
})

test('more than half of several witnesses are needed', () => {
  const leases = new Leases({ hmac, boot: question.boot, name: 'lb1' })
  const names = ['a', 'b', 'c']
  const all = names.map(name => ({ ...config, name }))
  leases.configure({ ...guardConfig, policy: 'one-owner-first', leases: all }, t(0))
  const asked = new Map(leases.ask(true, t(0)))
  const say = (name: string, kind: 'yours' | 'taken') => {
    const decoded = decodeLease(asked.get(name)!, secret, hmac)
    assert.ok(decoded.kind === 'message')
    leases.hear(name, encodeLease({ ...decoded.message, kind, name: 'lb2' }, secret, hmac), t(1))
  }
  say('a', 'yours')
  say('b', 'taken')
  assert.equal(leases.missing(t(2)), 'lb2 has the lease of b, no answer comes from c')
  say('c', 'yours')
  assert.equal(leases.missing(t(2)), null)
})

test('an answer goes up the ladder, one rung at a time', () => {
  const bytes = encodeLease(question, secret, hmac)
  assert.deepEqual(decodeLease(bytes, secret, hmac), { kind: 'message', message: question })
  assert.equal(markIn(bytes), pairMark(secret, hmac))
  assert.equal(markIn(bytes.subarray(1)), null)
  const signed = (at: number, value: number) => {
    const changed = Uint8Array.from(bytes)
    changed[at] = value
    changed.set(hmac(secret, changed.subarray(0, 64)), 64)
    return changed
  }
  const flipped = Uint8Array.from(bytes)
  flipped[20]! ^= 1
  const rungs = [
    [bytes.subarray(1), 'wrong-length'],
    [signed(0, 0), 'not-a-lease'],
    [signed(2, 2), 'wrong-version'],
    [flipped, 'wrong-signature'],
    [signed(3, 99), 'nonsense'],
    [signed(30, 29), 'nonsense'],
  ] as const
  for (const [changed, reason] of rungs) {
    assert.deepEqual(decodeLease(changed, secret, hmac), { kind: 'rejected', reason })
  }
})

test('who leads wants the lease, and who hears nothing, but not who cannot lead', () => {
  const state = (kind: 'master' | 'backup' | 'fault', why = '') =>
    ({ kind, why, since: t(0) }) as Parameters<typeof wantsLeases>[0][number]
  assert.equal(wantsLeases([state('master')], true, null), true)
  assert.equal(wantsLeases([state('backup')], true, null), false)
  assert.equal(wantsLeases([state('backup')], false, null), true)
  assert.equal(wantsLeases([state('fault', 'isolated: x')], false, 'isolated: x'), true)
  assert.equal(wantsLeases([state('fault', 'eth0: it has no carrier')], false, null), false)
})

test('with the lease a master goes on, and another one waits until that has noticed', () => {
  const view = { missing: null, leads: true, apartFor: milliseconds(0) }
  assert.equal(leaseRestraint(guardConfig, view), null)
  assert.match(leaseRestraint(guardConfig, { ...view, leads: false }) ?? '', /waits/)
  const apartFor = otherNotices(guardConfig)
  assert.equal(leaseRestraint(guardConfig, { ...view, leads: false, apartFor }), null)
  assert.match(
    leaseRestraint(guardConfig, { ...view, missing: 'x' }) ?? '',
    /^isolated: .*, and x$/,
  )
})

test('a guard that is apart gives up without the lease, and may lead with it', () => {
  const change = { policy: 'one-owner-first', leases: [config], paths: [] } as const
  const { guard, news } = guarded(change, 0)
  guard.look(t(0), new Map())
  assert.equal(
    guard.restraint,
    'isolated: nothing is heard of the other box, and no answer comes from third',
  )
  assert.equal(guard.wantsLeases(t(0)), true)
  const [[, bytes] = ['', new Uint8Array()]] = guard.leases.ask(true, t(1000))
  const decoded = decodeLease(bytes, secret, hmac)
  assert.ok(decoded.kind === 'message')
  guard.leases.hear(
    'third',
    encodeLease({ ...decoded.message, kind: 'yours' }, secret, hmac),
    t(1001),
  )
  assert.deepEqual(guard.look(t(1002), new Map()), [
    { input: 'Guarded', restraint: null, leastSilence: 0, now: 1002 },
  ])
  guard.look(t(1450), new Map())
  assert.match(guard.restraint ?? '', /nobody has the lease of third$/)
  assert.deepEqual(
    news.map(({ event }) => event),
    ['isolated', 'not-isolated', 'isolated'],
  )
})

test('a witness that does not answer is an alarm before it is missed', () => {
  const { guard } = guarded({ policy: 'one-owner-first', leases: [config], paths: [] }, 0)
  const reasons = (at: number) => guardReport(guard, t(at), String).alarms.map(each => each.reason)
  assert.deepEqual(reasons(4999), [])
  assert.deepEqual(reasons(5000), ['witness-silent'])
  const [lease] = guardReport(guard, t(5000), String).status.leases
  assert.deepEqual([lease?.state, lease?.why], ['unknown', 'no answer comes from third'])
})

test('never two holders, whatever is lost, late, repeated, played back or started anew', () => {
  let [granted, refused] = [0, 0]
  for (let seed = 1; seed <= 60; seed++) {
    const run = simulateLease(seed)
    assert.equal(run.violation, null, `seed ${seed}`)
    granted += run.granted
    refused += run.refused
  }
  // Else nothing was tried.
  assert.ok(granted > 1000 && refused > 1000, `${granted} granted, ${refused} refused`)
})
