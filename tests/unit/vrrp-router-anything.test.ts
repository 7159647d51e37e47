import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Instant } from '../../appliance/values/duration.ts'
import { newRouter, routerWakeAt, stepRouter } from '../../appliance/vrrp/router.ts'
import type {
  Circumstances,
  RouterEffect,
  RouterInput,
  RouterState,
} from '../../appliance/vrrp/router-state.ts'
import { above, below, having, heard, ms, self, t } from './vrrp-router-words.ts'

/** Whatever happens, in whatever order: what must hold of every run. */

type Happening = {
  readonly wait: number
  readonly what: RouterInput['input']
  readonly priority: number
  readonly source: typeof self
  readonly secondPath: boolean
  readonly patient: boolean
  readonly stoodStill: boolean
  readonly ours: number
  readonly broken: boolean
}

const happenings: fc.Arbitrary<Happening> = fc.record({
  wait: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 3000 })),
  what: fc.constantFrom(
    'AdvertReceived',
    'AdvertReceived',
    'TimerDue',
    'TimerDue',
    'TimerDue',
    'Changed',
    'Yielded',
    'Stopped',
    'Started',
  ),
  priority: fc.constantFrom(0, 1, 50, 100, 150, 255),
  source: fc.constantFrom(self, above, below),
  secondPath: fc.boolean(),
  patient: fc.boolean(),
  stoodStill: fc.boolean(),
  ours: fc.constantFrom(1, 70, 100, 254, 255),
  broken: fc.boolean(),
})

const routers = fc.record({
  preempt: fc.boolean(),
  preemptDelay: fc.constantFrom(ms(0), ms(500)),
  startDelay: fc.constantFrom(ms(0), ms(500)),
  handover: fc.constantFrom<'at-once' | 'after-skew'>('at-once', 'after-skew'),
  version: fc.constantFrom<2 | 3>(2, 3),
  interval: fc.constantFrom(ms(10), ms(100), ms(1000)),
  syncGroup: fc.constantFrom(null, 'pair'),
})

type Step = {
  readonly before: RouterState
  readonly input: RouterInput
  readonly here: Circumstances
  readonly after: RouterState
  readonly effects: readonly RouterEffect[]
}

function run(config: Parameters<typeof having>[0], story: readonly Happening[]): Step[] {
  let state = newRouter(t(0))
  let here = having(config)
  let now = 0
  const steps: Step[] = []
  for (const { wait, what, broken, ours, ...rest } of story) {
    now += wait
    const before = here
    if (what === 'Changed') {
      const faults = broken ? ['eth0: no carrier'] : []
      here = having(config, { faults, priority: ours })
    }
    const { priority, source, secondPath, patient, stoodStill } = rest
    const on = { Started: {}, Stopped: { why: 'end' }, TimerDue: { stoodStill } }
    const input = {
      ...{ ...on, Changed: { before }, Yielded: { why: 'asked', patient } }[what as 'Changed'],
      ...(what === 'AdvertReceived' ? heard(priority, source, { secondPath }) : {}),
      input: what,
      now: t(now),
    } as RouterInput
    const next = stepRouter(state, input, here)
    steps.push({ before: state, input, here, after: next.state, effects: next.effects })
    state = next.state
  }
  return steps
}

const always = (name: string, holds: (step: Step) => void) =>
  test(`whatever happens: ${name}`, () => {
    fc.assert(
      fc.property(routers, fc.array(happenings, { maxLength: 60 }), (config, story) => {
        for (const step of run(config, story)) holds(step)
      }),
      { numRuns: 300 },
    )
  })

const namesOf = (effects: readonly RouterEffect[]): string[] => effects.map(each => each.effect)

always(
  'only a master holds addresses, and it lets go of them once',
  ({ before, after, effects }) => {
    const names = namesOf(effects)
    const [was, is] = [before.kind === 'master', after.kind === 'master']
    assert.equal(names.includes('ReleaseAddresses'), was && !is)
    if (is && !was) assert.ok(names.includes('HoldAddresses'))
    if (!is) assert.ok(!names.includes('HoldAddresses') && !names.includes('Announce'))
  },
)

always('a change of state is told once, and told truly', ({ before, input, after, effects }) => {
  const told = effects.filter(each => each.effect === 'StateChanged')
  if (before.kind === after.kind && input.input !== 'Stopped') return assert.deepEqual(told, [])
  const { kind: from } = before
  assert.deepEqual(told, [{ effect: 'StateChanged', from, to: after.kind, why: after.why }])
  assert.equal(after.since, input.now)
})

always('who gives up says so before its addresses go', ({ before, input, after, effects }) => {
  if (before.kind !== 'master' || after.kind === 'master') return
  const names = namesOf(effects)
  const [first] = effects
  assert.ok(first?.effect === 'SendAdvert')
  // Where another one is master already it hears the old priority, so that it learns of two.
  const replaced = input.input === 'AdvertReceived' && after.kind === 'backup'
  if (!replaced) assert.equal(first.priority, 0)
  assert.ok(names.includes('ReleaseAddresses'))
})

always('who becomes master says so first of all', ({ before, after, effects, here }) => {
  if (before.kind === 'master' || after.kind !== 'master') return
  assert.deepEqual(effects[0], { effect: 'SendAdvert', priority: here.priority })
})

always('only a master speaks', ({ before, after, effects }) => {
  if (before.kind === 'master' || after.kind === 'master') return
  assert.ok(!namesOf(effects).includes('SendAdvert'))
})

always('with wrong circumstances nobody is master or backup', ({ input, after, here }) => {
  if (here.faults.length === 0 || input.input === 'Stopped') return
  assert.ok(after.kind === 'fault' || after.kind === 'initialize')
})

always('a router that was woken does not ask to be woken in the past', step => {
  const { input, after } = step
  if (input.input !== 'TimerDue') return
  const at: Instant | null = routerWakeAt(after)
  assert.ok(at === null || at > input.now, `${at} at ${input.now}`)
})

always('announcements are in order, and few', ({ after }) => {
  if (after.kind !== 'master') return
  const { announceAt } = after
  assert.deepEqual(
    announceAt,
    announceAt.toSorted((a, b) => a - b),
  )
  assert.ok(announceAt.length <= 4)
})

always('who follows waits for a full down interval of its master at most', step => {
  const { input, after, here } = step
  if (after.kind !== 'backup') return
  const longest =
    here.config.version === 2 ? here.config.interval : Math.max(here.config.interval, 100)
  assert.ok(after.masterDownAt - input.now <= 4 * Math.max(longest, 1000))
})
