import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type FenceView, FenceWatch } from '../../appliance/guard/fence-watch.ts'
import type { FencingRule } from '../../appliance/guard/guard-config.ts'
import type { Heartbeat } from '../../appliance/guard/heartbeat.ts'
import { encodeHeartbeat } from '../../appliance/guard/heartbeat-codec.ts'
import { leastSilence } from '../../appliance/guard/policy.ts'
import { instant, milliseconds } from '../../appliance/values/duration.ts'
import { guardConfig, guarded, heartbeat, hmac, said, secret } from './guard-words.ts'

const t = instant
const required: FencingRule = { policy: 'required', waitAtMost: milliseconds(60_000) }
const attempt: FencingRule = { policy: 'attempt', waitAtMost: milliseconds(5000) }
const none = new Map()
const bytes = (change: Partial<Heartbeat> = {}) =>
  encodeHeartbeat({ ...heartbeat, ...change }, secret, hmac)

/** A backup that has heard its master, which then falls silent. */
function silenced(rule: FencingRule, change: object = {}) {
  const scene = guarded({ fencing: rule, ...change })
  const { guard, ensemble } = scene
  const feed = (inputs: ReturnType<typeof guard.look>) => {
    for (const input of inputs) ensemble.feed(input)
  }
  feed([guard.guarded(t(0)), ...guard.look(t(0), none)])
  feed(guard.hear('beside', bytes(), t(100)))
  feed(guard.look(t(150), none))
  const look = (at: number, verdicts = none) => {
    feed(guard.look(t(at), verdicts))
    ensemble.feed({ input: 'TimerDue', now: t(at) })
  }
  const until = (at: number, verdicts = none) => {
    for (let now = 200; now <= at; now += 50) look(now, verdicts)
  }
  const state = () => ensemble.member('web')?.state.kind
  return { ...scene, feed, look, until, state }
}

test('without fencing silence is enough, as ever', () => {
  const { until, state, guard } = silenced({ ...required, policy: 'off' })
  assert.equal(leastSilence(guard.config), 0)
  until(2000)
  assert.equal(state(), 'master')
})

test('required: a silent master keeps its place until somebody confirms, and loses it then', () => {
  const { until, state, guard, feed, ensemble, news } = silenced(required)
  until(120_000)
  assert.equal(state(), 'backup')
  const { wish, held } = guard.fencing
  assert.match(held ?? '', /^nothing is heard of the other box/)
  assert.equal(wish?.known, true)
  assert.deepEqual(guard.confirmFenced('of another silence', 'bmc', t(120_000)), [])
  feed(guard.confirmFenced(wish?.id ?? '', 'bmc: it was switched off', t(120_010)))
  ensemble.feed({ input: 'TimerDue', now: t(120_010) })
  assert.equal(state(), 'master')
  assert.equal(guard.fencing.wish, null)
  assert.deepEqual(
    news.flatMap(({ event }) => (event.startsWith('fencing') ? [event] : [])),
    ['fencing-wanted', 'fencing-confirmed'],
  )
})

test('attempt: no longer than its time', () => {
  const { until, look, state, guard, news } = silenced(attempt)
  until(5000)
  assert.equal(state(), 'backup')
  assert.notEqual(guard.fencing.wish, null)
  for (let at = 5050; at <= 6000; at += 50) look(at)
  assert.equal(state(), 'master')
  assert.equal(guard.fencing.wish, null)
  assert.equal(news.at(-1)?.event, 'fencing-given-up')
})

test('attempt: who could not lead has not waited, and tries a device first', () => {
  const { until, look, state, guard, ensemble } = silenced(attempt)
  ensemble.feed({ input: 'MaintenanceSet', why: 'maintenance', now: t(190) })
  until(60_000)
  ensemble.feed({ input: 'MaintenanceSet', why: null, now: t(60_010) })
  for (let at = 60_050; at <= 64_000; at += 50) look(at)
  assert.equal(state(), 'backup')
  assert.notEqual(guard.fencing.wish, null)
  for (let at = 64_050; at <= 66_000; at += 50) look(at)
  assert.equal(state(), 'master')
})

test('who was heard is known, whatever becomes of the path in the middle of it', () => {
  const { until, look, guard } = silenced(required)
  until(2000)
  const { wish } = guard.fencing
  assert.equal(wish?.known, true)
  guard.configure({ ...guard.config, paths: guard.config.paths.slice(1) }, t(2010))
  look(2050)
  assert.equal(guard.fencing.wish, wish)
})

test('who stood still listens before it shoots, and what was confirmed before is old', () => {
  for (const late of ['look', 'confirm'] as const) {
    const { until, look, state, guard } = silenced(required)
    until(2000)
    const wished = () => guard.fencing.wish?.id ?? null
    const first = wished() ?? ''
    if (late === 'confirm') assert.deepEqual(guard.confirmFenced(first, 'late', t(9000)), [])
    look(9000)
    assert.equal(wished(), null)
    assert.deepEqual(guard.confirmFenced(first, 'late', t(9010)), [])
    for (let at = 9050; at <= 11_150; at += 50) look(at)
    assert.deepEqual([wished(), state()], [null, 'backup'])
    for (let at = 11_200; at <= 11_300; at += 50) look(at)
    assert.ok(![first, null].includes(wished()))
  }
})

test('who gave up in its own words is not shot', () => {
  for (const state of ['initialize', 'fault'] as const) {
    const { until, state: here, guard, feed } = silenced(required)
    const gone = { ...said, state, owns: false }
    feed(guard.hear('beside', bytes({ sequence: 8, routers: [gone] }), t(180)))
    until(2000)
    assert.equal(here(), 'master', state)
    assert.equal(guard.fencing.wish, null)
  }
})

test('it could lead nothing when it fell silent: a box that could is free, another is not', () => {
  const fault = { ...said, state: 'fault', owns: false } as const
  for (const own of [false, true]) {
    const { guard, ensemble } = guarded({ fencing: required })
    if (own) ensemble.feed({ input: 'MaintenanceSet', why: 'maintenance', now: t(50) })
    guard.hear('beside', bytes({ routers: [fault] }), t(100))
    if (own) ensemble.feed({ input: 'MaintenanceSet', why: null, now: t(1000) })
    for (let at = 150; at <= 5000; at += 50) guard.look(t(at), none)
    assert.equal(guard.fencing.held !== null, own)
    assert.equal(guard.fencing.wish !== null, own)
  }
})

test('a backup that fell silent may become master unseen: its word is no giving up', () => {
  const { until, state, guard, feed } = silenced(required)
  const backup = { ...said, state: 'backup', owns: false } as const
  feed(guard.hear('beside', bytes({ sequence: 8, routers: [backup] }), t(180)))
  guard.look(t(190), none)
  until(5000)
  // What was master and is backup has released its router; what follows is the election.
  assert.equal(state(), 'master')
  const fresh = guarded({ fencing: required })
  fresh.guard.hear('beside', bytes({ routers: [backup] }), t(100))
  for (let at = 200; at <= 5000; at += 50) fresh.guard.look(t(at), none)
  assert.notEqual(fresh.guard.fencing.wish, null)
})

test('a box without its witness does not shoot, and does not take over', () => {
  const down = new Map([['gateway', { state: 'down', number: null, why: '' } as const]])
  const { until, look, state, guard } = silenced(required, { witnesses: ['gateway'] })
  until(10_000, down)
  assert.equal(guard.fencing.wish, null)
  assert.match(guard.fencing.held ?? '', /no witness answers this box$/)
  assert.equal(state(), 'backup')
  const up = new Map([['gateway', { state: 'up', number: null, why: '' } as const]])
  look(10_050, up)
  assert.notEqual(guard.fencing.wish, null)
})

test('a box that cannot lead itself does not shoot', () => {
  const { until, look, guard, ensemble } = silenced(required)
  ensemble.feed({ input: 'MaintenanceSet', why: 'maintenance', now: t(190) })
  until(10_000)
  assert.equal(guard.fencing.wish, null)
  ensemble.feed({ input: 'MaintenanceSet', why: null, now: t(10_010) })
  look(10_050)
  assert.notEqual(guard.fencing.wish, null)
})

test('it is heard again: no wish, and the next silence is another', () => {
  const { until, look, guard, feed, state } = silenced(required)
  until(2000)
  const first = guard.fencing.wish?.id
  feed(guard.hear('beside', bytes({ sequence: 9 }), t(2010)))
  look(2050)
  assert.deepEqual([guard.fencing.wish, guard.fencing.held], [null, null])
  assert.equal(state(), 'backup')
  for (let at = 2100; at <= 4000; at += 50) look(at)
  assert.notEqual(guard.fencing.wish, null)
  assert.notEqual(guard.fencing.wish?.id, first)
  assert.deepEqual(guard.confirmFenced(first ?? '', 'late', t(4000)), [])
})

test('of whom nothing was ever heard, that is said; both have time to meet first', () => {
  const { guard } = guarded({ fencing: required })
  for (let at = 0; at <= 9950; at += 50) guard.look(t(at), none)
  const wish = () => guard.fencing.wish
  assert.equal(wish(), null)
  for (let at = 10_000; at <= 10_100; at += 50) guard.look(t(at), none)
  assert.equal(wish()?.known, false)
})

const view = fc.record({
  heard: fc.boolean(),
  known: fc.boolean(),
  gaveUp: fc.boolean(),
  waits: fc.boolean(),
  witnessed: fc.boolean(),
  policy: fc.constantFrom('off', 'required', 'attempt'),
  step: fc.integer({ min: 0, max: 4000 }),
  confirm: fc.constantFrom('none', 'right', 'wrong'),
})

test('whatever happens: a silent box is free only by a confirmation, or its time', () => {
  const steps = fc.array(view, { maxLength: 40 })
  const holds = fc.property(steps, all => {
    const watch = new FenceWatch(7)
    let now = 0
    let silentSince: number | null = null
    let confirmed = false
    let listensUntil = -Infinity
    let waitsSince: number | null = null
    for (const [index, { policy, step, confirm, ...seen }] of all.entries()) {
      now += step
      const fencing = { policy, waitAtMost: milliseconds(5000) } as FencingRule
      const asked: FenceView = { config: { fencing, interval: milliseconds(100) }, ...seen }
      watch.look(asked, t(now))
      if (index > 0 && step > 2200) listensUntil = now + 2200
      const waits: boolean = seen.waits
      if (policy === 'off' || seen.heard || seen.gaveUp) {
        silentSince = null
        waitsSince = null
        confirmed = false
      } else {
        silentSince ??= now
        waitsSince = waits ? (waitsSince ?? now) : null
      }
      const isOver = policy === 'attempt' && waitsSince !== null && now - waitsSince >= 5000
      if (isOver && now >= listensUntil) confirmed = true
      const free: boolean = silentSince === null || confirmed
      assert.equal(watch.held === null, free)
      assert.ok(
        watch.wish === null || (!free && seen.waits && seen.witnessed && now >= listensUntil),
      )
      if (confirm === 'wrong') assert.equal(watch.confirm('another', t(now)), false)
      if (confirm === 'right' && watch.wish !== null)
        confirmed = watch.confirm(watch.wish.id, t(now))
    }
  })
  fc.assert(holds, { numRuns: 500 })
})

test('with fencing a takeover waits until the silence was found by the guard', () => {
  assert.equal(leastSilence({ ...guardConfig, fencing: required }), 600)
})
