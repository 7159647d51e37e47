import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BfdPacket, BfdState } from '../../appliance/health/bfd-packet.ts'
import {
  type BfdEffect,
  type BfdInput,
  type BfdSession,
  diagnostics,
  farewellBfd,
  openBfd,
  stepBfd,
  wakeAt,
} from '../../appliance/health/bfd-session.ts'
import { type Instant, instant, milliseconds } from '../../appliance/values/duration.ts'

const wish = { minTransmit: milliseconds(50), minReceive: milliseconds(50), multiplier: 3 }

const from = (state: BfdState, more: Partial<BfdPacket> = {}): BfdPacket => ({
  diagnostic: 0,
  state,
  poll: false,
  final: false,
  multiplier: 5,
  myDiscriminator: 99,
  yourDiscriminator: 7,
  minTransmit: milliseconds(40),
  minReceive: milliseconds(200),
  ...more,
})

const at = (now: number, random = 0): { now: Instant; random: number } => ({
  now: instant(now),
  random,
})
const hear = (session: BfdSession, packet: BfdPacket, now: number) =>
  stepBfd(session, { ...at(now), kind: 'received', packet })
const wake = (session: BfdSession, now: number, random = 0) =>
  stepBfd(session, { ...at(now, random), kind: 'woken' })

/** A session in the state, at time 0. */
function inState(state: BfdState): BfdSession {
  const opened = openBfd(wish, 7, instant(0))
  if (state === 'down') return opened
  const init = hear(opened, from('down'), 0).session
  if (state === 'init') return init
  return hear(init, from('up', { final: true }), 0).session
}

const shown = (effects: readonly BfdEffect[]) =>
  effects.map(effect => {
    if (effect.kind === 'changed') return effect.state
    const { state, poll, final } = effect.packet
    return `send ${state}${poll ? ' P' : ''}${final ? ' F' : ''}`
  })

/** RFC 5880 6.2 and 6.8.6: own state, what is heard, what becomes of it. */
const table: readonly (readonly [BfdState, BfdState, BfdState, readonly string[]])[] = [
  ['down', 'admin-down', 'down', []],
  ['down', 'down', 'init', ['init', 'send init']],
  ['down', 'init', 'up', ['up', 'send up P']],
  ['down', 'up', 'down', []],
  ['init', 'admin-down', 'down', ['down', 'send down']],
  ['init', 'down', 'init', []],
  ['init', 'init', 'up', ['up', 'send up P']],
  ['init', 'up', 'up', ['up', 'send up P']],
  ['up', 'admin-down', 'down', ['down', 'send down']],
  ['up', 'down', 'down', ['down', 'send down']],
  ['up', 'init', 'up', []],
  ['up', 'up', 'up', []],
]

for (const [state, heard, next, effects] of table) {
  test(`${state}/${heard}`, () => {
    const step = hear(inState(state), from(heard), 10)
    assert.equal(step.session.state, next)
    assert.deepEqual(shown(step.effects), effects)
    if (state === 'up' && next === 'down') {
      assert.equal(step.session.diagnostic, diagnostics.neighbourDown)
    }
  })
  test(`${state}/${heard}, with a poll: answered at once`, () => {
    const { effects: all } = hear(inState(state), from(heard, { poll: true }), 10)
    assert.deepEqual(
      shown(all).filter(word => word.endsWith(' F')),
      [`send ${next} F`],
    )
  })
}

test('silence for the detection time: five times 50 ms, not one millisecond less', () => {
  const session = hear(inState('up'), from('up'), 1000).session
  assert.equal(session.detectAt, 1250)
  assert.equal(wake(session, 1249).session.state, 'up')
  const { session: lost, effects } = wake(session, 1250)
  assert.deepEqual(shown(effects), ['down', 'send down'])
  assert.equal(lost.diagnostic, diagnostics.timeExpired)
  // It forgets who the neighbour was (6.8.1).
  assert.equal(effects[1]?.kind === 'send' && effects[1].packet.yourDiscriminator, 0)
})

test('the poll goes on until it is answered', () => {
  const up = hear(inState('init'), from('up'), 0).session
  assert.deepEqual(shown(wake(up, 200).effects), ['send up P'])
  const answered = hear(up, from('up', { final: true }), 100).session
  assert.deepEqual(shown(wake(answered, 200).effects), ['send up'])
})

test('sends as often as the neighbour can hear, less 0 to 25 percent', () => {
  const up = inState('up')
  assert.equal(wake(up, 200, 0).session.transmitAt, 200 + 200)
  assert.equal(wake(up, 200, 1).session.transmitAt, 200 + 150)
  const once = { ...up, wish: { ...wish, multiplier: 1 } }
  assert.equal(wake(once, 200, 0).session.transmitAt, 200 + 180)
  assert.equal(wake(once, 200, 1).session.transmitAt, 200 + 150)
})

test('a neighbour that wants packets sooner gets them so; one that wants none gets none', () => {
  const up = wake(inState('up'), 200).session
  const sooner = hear(up, from('up', { minReceive: milliseconds(60) }), 210).session
  assert.equal(sooner.transmitAt, 260)
  const never = hear(up, from('up', { minReceive: milliseconds(0) }), 210).session
  assert.equal(never.transmitAt, null)
  assert.equal(wakeAt(never), never.detectAt)
  const gone = wake(never, never.detectAt!).session
  assert.equal(gone.state, 'down')
  assert.notEqual(gone.transmitAt, null)
})

test('never more than once a second while it is not up', () => {
  const { session, effects } = wake(openBfd(wish, 7, instant(0)), 0)
  assert.deepEqual(shown(effects), ['send down'])
  assert.equal(session.transmitAt, 1000)
  assert.equal(effects[0]?.kind === 'send' && effects[0].packet.minTransmit, 1000)
})

test('a neighbour that was heard and never came up is forgotten, and asked on', () => {
  const admin = hear(
    openBfd(wish, 7, instant(0)),
    from('admin-down', { minReceive: milliseconds(0) }),
    0,
  )
  const before = wake(admin.session, 0).session
  const after = wake(before, before.detectAt!).session
  assert.equal(after.neighbour, null)
  assert.notEqual(wakeAt(after), null)
})

test('it says goodbye with its reason', () => {
  const { state, diagnostic, poll } = farewellBfd(inState('up'))
  assert.deepEqual({ state, diagnostic, poll }, { state: 'admin-down', diagnostic: 7, poll: false })
})

test('two sessions find each other, agree, and notice a cut both ways', () => {
  const boxes = [
    openBfd(wish, 1, instant(0)),
    openBfd({ ...wish, minTransmit: milliseconds(20) }, 2, instant(0)),
  ]
  let cut = false
  let sent = 0
  const run = (index: number, input: BfdInput) => {
    const { session, effects } = stepBfd(boxes[index]!, input)
    boxes[index] = session
    for (const effect of effects) {
      if (effect.kind === 'changed' || cut) continue
      sent++
      run(1 - index, { ...at(input.now, 0.5), kind: 'received', packet: effect.packet })
    }
  }
  const until = (end: number) => {
    for (;;) {
      const [first, second] = boxes.map(box => wakeAt(box) ?? Number.POSITIVE_INFINITY)
      const next = Math.min(first!, second!)
      if (next > end) return
      run(first! <= second! ? 0 : 1, { ...at(next, 0.5), kind: 'woken' })
    }
  }
  const states = () => boxes.map(box => box.state)
  until(1500)
  assert.deepEqual(states(), ['up', 'up'])
  assert.equal(
    boxes.some(box => box.polling),
    false,
  )
  sent = 0
  until(2500)
  // Each sends every 44 ms: the other one's minReceive, less an eighth.
  assert.ok(sent >= 40 && sent <= 52, `${sent} packets in a second`)
  cut = true
  until(2500 + 150)
  assert.deepEqual(states(), ['down', 'down'])
  cut = false
  until(5000)
  assert.deepEqual(states(), ['up', 'up'])
})
