import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProcessInput } from '../../appliance/supervision/process-machine.ts'
import {
  allRun,
  allSettled,
  emptyRoster,
  isEmpty,
  type Roster,
  type RosterInput,
  rosterWakeAt,
  stepRoster,
} from '../../appliance/supervision/roster.ts'
import type { ProcessSpec } from '../../appliance/supervision/spec.ts'
import { instant } from '../../appliance/values/duration.ts'
import { exampleSpec } from './example-spec.ts'

const spec = (name: string, order: number): ProcessSpec => ({ ...exampleSpec, name, order })

/** Drives a roster and writes down what it wants done. */
function play() {
  let roster: Roster = emptyRoster
  let now = instant(0)
  const feed = (input: RosterInput): string[] => {
    const next = stepRoster(roster, input)
    roster = next.roster
    return next.effects.map(effect => `${effect.effect} ${effect.name}`)
  }
  type Bare<I> = I extends unknown ? Omit<I, 'now'> : never
  const of = (name: string, input: Bare<ProcessInput>): string[] =>
    feed({ input: 'Of', name, of: { ...input, now } as ProcessInput })
  return {
    roster: () => roster,
    state: (name: string) => roster.children.get(name)?.state.kind,
    pass: (ms: number) => {
      now = instant(now + ms)
      return feed({ input: 'Tick', lost: false, now })
    },
    want: (...specs: ProcessSpec[]) => feed({ input: 'Wanted', specs, now }),
    stopAll: () => feed({ input: 'StopAll', now }),
    of,
    spawned: (name: string) => of(name, { input: 'Spawned', pid: 7 }),
    ready: (name: string) => of(name, { input: 'Ready' }),
    exited: (name: string) => of(name, { input: 'Exited', code: 1, signal: null }),
  }
}

const a = spec('a', 1)
const b = spec('b', 1)
const c = spec('c', 2)

function allUp() {
  const box = play()
  box.want(a, b, c)
  for (const name of ['a', 'b', 'c']) {
    box.spawned(name)
    box.ready(name)
  }
  // c was started by the readiness of the others; its own events come after that.
  box.spawned('c')
  box.ready('c')
  assert.equal(allRun(box.roster()), true)
  return box
}

test('equal order starts together, the next when all of them run', () => {
  const box = play()
  assert.deepEqual(box.want(c, a, b), ['Spawn a', 'Spawn b'])
  box.spawned('a')
  box.spawned('b')
  assert.deepEqual(box.ready('a'), [])
  assert.equal(box.state('c'), 'waiting')
  assert.deepEqual(box.ready('b'), ['Spawn c'])
})

test('a child that fails once does not keep the later ones down', () => {
  const box = play()
  box.want(a, c)
  box.spawned('a')
  assert.deepEqual(box.exited('a'), ['Spawn c'])
  assert.equal(box.state('a'), 'backing-off')
  assert.equal(allSettled(box.roster()), false)
  box.spawned('c')
  box.ready('c')
  assert.equal(allSettled(box.roster()), true)
  assert.equal(allRun(box.roster()), false)
})

test('a child that says nothing holds the later ones up for its ready limit only', () => {
  const box = play()
  box.want(a, c)
  box.spawned('a')
  assert.deepEqual(box.pass(9_999), [])
  assert.deepEqual(box.pass(1), ['Kill a'])
  assert.deepEqual(box.exited('a'), ['Spawn c'])
})

test('stops from the highest order down, each order when the one above has gone', () => {
  const box = allUp()
  assert.deepEqual(box.stopAll(), ['AskToStop c'])
  assert.deepEqual(box.exited('c'), ['AskToStop b', 'AskToStop a'].toSorted())
  box.exited('a')
  assert.equal(isEmpty(box.roster()), false)
  box.exited('b')
  assert.equal(isEmpty(box.roster()), true)
})

test('a stubborn child is pressed, and killed, while the lower order still runs', () => {
  const box = allUp()
  box.stopAll()
  assert.deepEqual(box.pass(2_000), ['Terminate c'])
  assert.deepEqual(box.pass(2_000), ['Kill c'])
  assert.equal(box.state('a'), 'running')
})

test('when all is stopping, who is not up never comes up', () => {
  const box = allUp()
  box.exited('a')
  assert.equal(box.state('a'), 'backing-off')
  box.stopAll()
  assert.equal(box.state('a'), 'stopped')
  // b and c are silent by now; a, whose back-off would be over, is not started.
  assert.deepEqual(box.pass(60_000), ['Kill b', 'Kill c'])
  assert.deepEqual(box.want(a, b, c, spec('d', 1)), [])
  assert.equal(box.state('d'), undefined)
})

test('a failure while all is stopping is not answered with a restart', () => {
  const box = allUp()
  box.of('c', { input: 'RestartRequested' })
  assert.deepEqual(box.stopAll(), [])
  assert.deepEqual(box.exited('c').toSorted(), ['AskToStop a', 'AskToStop b'])
  assert.equal(box.state('c'), 'stopped')
})

test('the wanted set is reconciled, and a second time changes nothing', () => {
  const box = allUp()
  const d = spec('d', 1)
  assert.deepEqual(box.want(a, c, d), ['AskToStop b', 'Spawn d'])
  assert.deepEqual(box.want(a, c, d), [])
  box.exited('b')
  assert.equal(box.state('b'), undefined)
  assert.deepEqual(box.want(a, c, d), [])
})

test('one that comes back while it leaves starts anew when it has gone', () => {
  const box = allUp()
  box.want(a, c)
  assert.deepEqual(box.want(a, b, c), [])
  box.exited('b')
  assert.deepEqual(box.want(a, b, c), ['Spawn b'])
})

test('events of a child that has left are nobody else’s', () => {
  const box = allUp()
  const before = box.roster()
  assert.deepEqual(box.exited('gone'), [])
  assert.deepEqual(box.roster(), before)
})

test('the earliest deadline of all children is the one to wake for', () => {
  assert.equal(rosterWakeAt(emptyRoster), null)
  const box = play()
  box.want(a)
  assert.equal(rosterWakeAt(box.roster()), instant(10_000))
  box.spawned('a')
  box.ready('a')
  assert.equal(rosterWakeAt(box.roster()), instant(5_000))
})

test('silence is no proof after time was lost', () => {
  const box = allUp()
  const at = instant(60_000)
  const { roster } = stepRoster(box.roster(), { input: 'Tick', lost: true, now: at })
  const { effects } = stepRoster(roster, { input: 'Tick', lost: false, now: at })
  assert.deepEqual(effects, [])
})
