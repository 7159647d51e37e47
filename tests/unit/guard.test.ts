import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guardReport } from '../../appliance/guard/guard-report.ts'
import type { Heartbeat } from '../../appliance/guard/heartbeat.ts'
import { encodeHeartbeat } from '../../appliance/guard/heartbeat-codec.ts'
import { leastSilence, restraint } from '../../appliance/guard/policy.ts'
import { instant, milliseconds } from '../../appliance/values/duration.ts'
import { guardConfig, guarded, heartbeat, hmac, said, secret } from './guard-words.ts'

const t = instant
const bytes = (change: Partial<Heartbeat> = {}) =>
  encodeHeartbeat({ ...heartbeat, ...change }, secret, hmac)
const nothing = new Map()
const iso = String
const leads = {
  input: 'PeerSaid',
  router: 'web',
  word: { says: 'leads', priority: 150, address: said.address, holds: 350, deaf: false },
} as const

test('a master that serves is heard over any path, and each heartbeat once', () => {
  const { guard, news } = guarded()
  assert.deepEqual(guard.hear('beside', bytes(), t(1000)), [{ ...leads, now: 1000 }])
  assert.deepEqual(guard.hear('serial', bytes(), t(1001)), [])
  assert.deepEqual(
    news.map(({ event }) => event),
    ['path-up', 'path-up'],
  )
  const unheard = (sequence: number, at: number) =>
    guard.hear('serial', bytes({ sequence, hears: false }), t(at))
  assert.deepEqual(unheard(8, 1300), [{ ...leads, now: 1300 }], 'it may not know yet')
  assert.deepEqual(unheard(9, 1400), [{ ...leads, word: { ...leads.word, deaf: true }, now: 1400 }])
})

test('who hears nothing, and speaks on the network of the router, may serve nobody there', () => {
  const lan = guardConfig.paths.map(path => ({ ...path, interface: 'eth0' }))
  const deafIn = (paths: typeof guardConfig.paths) => {
    const { guard } = guarded({ paths })
    guard.hear('serial', bytes({ hears: false }), t(1000))
    return guard.hear('serial', bytes({ sequence: 8, hears: false }), t(1400))
  }
  assert.deepEqual(deafIn(lan), [{ ...leads, now: 1400 }])
  // The path that is up tells, not one that somebody has configured besides.
  const [beside, serial] = guardConfig.paths
  assert.ok(beside && serial)
  assert.deepEqual(deafIn([beside, { ...serial, interface: 'eth0' }]), [{ ...leads, now: 1400 }])
  const word = { ...leads.word, deaf: true }
  assert.deepEqual(deafIn(guardConfig.paths), [{ ...leads, word, now: 1400 }])
})

test('who was master and is not any more has released its router, once', () => {
  const { guard } = guarded()
  guard.hear('beside', bytes(), t(1000))
  const fault = { ...said, state: 'fault', owns: false } as const
  const word = { says: 'released', address: said.address }
  const released = { input: 'PeerSaid', router: 'web', word, now: 1050 }
  assert.deepEqual(guard.hear('beside', bytes({ sequence: 8, routers: [fault] }), t(1050)), [
    released,
  ])
  assert.deepEqual(guard.hear('beside', bytes({ sequence: 9, routers: [fault] }), t(1150)), [])
  // A master without its addresses proves nothing, and one that nobody here knows is not ours.
  const lacking = { ...said, owns: false }
  const stranger = { ...said, mark: 1 }
  assert.deepEqual(
    guard.hear('beside', bytes({ sequence: 10, routers: [lacking, stranger] }), t(1250)),
    [],
  )
})

test('a path falls silent, but not for one who did not run himself', () => {
  const { guard, news } = guarded()
  guard.hear('beside', bytes(), t(1000))
  guard.look(t(1050), nothing)
  guard.look(t(1350), nothing)
  assert.equal(guard.pathIsUp(), true)
  // It slept: whatever came is lost.
  guard.look(t(3000), nothing)
  assert.equal(guard.pathIsUp(), true)
  for (let at = 3100; at <= 3400; at += 100) guard.look(t(at), nothing)
  assert.equal(guard.pathIsUp(), false)
  assert.equal(news.at(-1)?.event, 'path-silent')
  const { status, alarms } = guardReport(guard, t(20_000), iso)
  assert.deepEqual(
    status.paths.map(({ name, state, why }) => [name, state, why]),
    [
      ['beside', 'silent', 'no heartbeat comes in any more'],
      ['serial', 'unknown', 'no heartbeat has come yet'],
    ],
  )
  assert.equal(status.peer.state, 'silent')
  assert.deepEqual(
    alarms.map(({ reason }) => reason),
    ['path-silent', 'path-silent'],
  )
})

test('two owners: an event with what was seen, and one with how long it lasted', () => {
  const { guard, ensemble, news } = guarded()
  ensemble.feed({ input: 'TimerDue', now: t(400) })
  assert.equal(ensemble.member('web')?.state.kind, 'master')
  guard.hear('beside', bytes({ routers: [{ ...said, age: milliseconds(50) }] }), t(2000))
  assert.equal(guard.splits.all().length, 0, 'a handover is none')
  guard.hear(
    'beside',
    bytes({ sequence: 8, routers: [{ ...said, age: milliseconds(700) }] }),
    t(2600),
  )
  const sign = '192.0.2.20 says so over beside, with priority 150'
  assert.deepEqual(news.at(-1), {
    about: 'web',
    event: 'split-brain',
    text: `two boxes have the addresses: ${sign}`,
  })
  assert.equal(guardReport(guard, t(2600), iso).alarms[0]?.reason, 'split-brain')
  guard.endSplit('web', 'this box has given way', t(3000))
  assert.deepEqual(news.at(-1), {
    about: 'web',
    event: 'split-brain-over',
    text: `two boxes had the addresses for 1.1 s; this box has given way. Seen: ${sign}`,
  })
})

test('the direct cable is dead: doubt, unless another path says otherwise', () => {
  const dead = new Map([['beside', 'it has no carrier']])
  const { guard } = guarded()
  guard.hear('beside', bytes(), t(1000))
  assert.deepEqual(guard.seeLinks(dead, t(1010)), [{ input: 'PeerDoubted', now: 1010 }])
  assert.deepEqual(guard.seeLinks(dead, t(1020)), [])
  const both = guarded().guard
  both.hear('beside', bytes(), t(1000))
  both.hear('serial', bytes(), t(1000))
  assert.deepEqual(both.seeLinks(dead, t(1010)), [])
  const careful = guarded({ corroborate: false }).guard
  careful.hear('beside', bytes(), t(1000))
  assert.deepEqual(careful.seeLinks(dead, t(1010)), [])
})

const strict = { ...guardConfig, policy: 'one-owner-first', witnesses: ['gateway'] } as const
const verdict = (state: 'up' | 'down' | 'unknown') =>
  new Map([['gateway', { state, number: null, why: '' }]])

test('one owner first: alone without a witness nobody leads', () => {
  const why = 'isolated: nothing is heard of the other box, and no answer comes from gateway'
  assert.equal(restraint(strict, false, verdict('down')), why)
  assert.equal(restraint(strict, false, verdict('unknown')), why)
  assert.equal(restraint(strict, false, verdict('up')), null)
  assert.equal(restraint(strict, true, verdict('down')), null)
  assert.equal(restraint(guardConfig, false, nothing), null)
})

test('one owner first: whoever takes over waits until the other one must have given up', () => {
  assert.equal(leastSilence(guardConfig), 0)
  assert.equal(leastSilence(strict), 600)
  assert.equal(leastSilence({ ...strict, witnessTime: milliseconds(900) }), 1100)
})

test('one owner first: a box that is not heard needs the witness although it hears', () => {
  const { guard } = guarded(strict)
  guard.look(t(1000), verdict('down'))
  assert.match(guard.restraint ?? '', /^isolated/)
  guard.hear('beside', bytes(), t(1050))
  const [free] = guard.look(t(1060), verdict('down'))
  assert.deepEqual(free, { input: 'Guarded', restraint: null, leastSilence: 600, now: 1060 })
  guard.hear('beside', bytes({ sequence: 8, hears: false }), t(1150))
  guard.look(t(1160), verdict('down'))
  assert.match(guard.restraint ?? '', /^isolated/)
})
