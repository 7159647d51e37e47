import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { effectivePriority, type Verdict } from '../../appliance/vrrp/priority.ts'
import type { Track } from '../../appliance/vrrp/router-config.ts'

const verdict = (state: Verdict['state'], number: number | null = null): Verdict => ({
  state,
  number,
  why: `it is ${state}`,
})
const up = verdict('up')
const down = verdict('down')
const unknown = verdict('unknown')
const file = (number: number) => verdict('up', number)

const track = (weight: number | null, reverse = false, tracker = 'check'): Track => ({
  tracker,
  weight,
  reverse,
})

type Row = {
  readonly name: string
  readonly priority?: number
  readonly tracks: readonly Track[]
  readonly verdicts: Readonly<Record<string, Verdict>>
  readonly value: number
  readonly explanation: string
  readonly faults?: readonly string[]
}

const both = [track(-30), track(20, false, 'link')]

const rows: readonly Row[] = [
  { name: 'no trackers', tracks: [], verdicts: {}, value: 100, explanation: '100' },
  {
    name: 'below 0, up: no punishment',
    tracks: [track(-30)],
    verdicts: { check: up },
    value: 100,
    explanation: '100',
  },
  {
    name: 'below 0, down: punishment',
    tracks: [track(-30)],
    verdicts: { check: down },
    value: 70,
    explanation: '100 - 30 check = 70',
  },
  {
    name: 'above 0, up: reward',
    tracks: [track(30)],
    verdicts: { check: up },
    value: 130,
    explanation: '100 + 30 check = 130',
  },
  {
    name: 'the smallest reward',
    tracks: [track(1)],
    verdicts: { check: up },
    value: 101,
    explanation: '100 + 1 check = 101',
  },
  {
    name: 'above 0, down: no reward',
    tracks: [track(30)],
    verdicts: { check: down },
    value: 100,
    explanation: '100',
  },
  {
    name: 'below 0, reverse: up is punished',
    tracks: [track(-30, true)],
    verdicts: { check: up },
    value: 70,
    explanation: '100 - 30 check = 70',
  },
  {
    name: 'below 0, reverse: down is not punished',
    tracks: [track(-30, true)],
    verdicts: { check: down },
    value: 100,
    explanation: '100',
  },
  {
    name: 'above 0, reverse: down is rewarded',
    tracks: [track(30, true)],
    verdicts: { check: down },
    value: 130,
    explanation: '100 + 30 check = 130',
  },
  {
    name: 'above 0, reverse: up is not rewarded',
    tracks: [track(30, true)],
    verdicts: { check: up },
    value: 100,
    explanation: '100',
  },
  {
    name: 'several trackers, in the order of the configuration',
    tracks: both,
    verdicts: { link: up, check: down },
    value: 90,
    explanation: '100 - 30 check + 20 link = 90',
  },
  {
    name: 'unknown changes nothing, whatever the weight',
    tracks: [track(-30), track(30), track(-30, true), track(30, true), track(null)],
    verdicts: { check: unknown },
    value: 100,
    explanation: '100',
  },
  {
    name: 'unknown changes nothing, whatever number it had',
    tracks: [track(-30)],
    verdicts: { check: verdict('unknown', 3) },
    value: 100,
    explanation: '100',
  },
  {
    name: 'a tracker of which nothing was heard changes nothing',
    tracks: [track(-30), track(null)],
    verdicts: {},
    value: 100,
    explanation: '100',
  },
  {
    name: 'no weight, down: FAULT, and the priority stays',
    tracks: [track(null)],
    verdicts: { check: down },
    value: 100,
    explanation: '100',
    faults: ['check is down: it is down'],
  },
  {
    name: 'no weight, up: no FAULT',
    tracks: [track(null)],
    verdicts: { check: up },
    value: 100,
    explanation: '100',
  },
  {
    name: 'no weight, reverse, up: FAULT',
    tracks: [track(null, true)],
    verdicts: { check: up },
    value: 100,
    explanation: '100',
    faults: ['check is up: it is up'],
  },
  {
    name: 'no weight, reverse, down: no FAULT',
    tracks: [track(null, true)],
    verdicts: { check: down },
    value: 100,
    explanation: '100',
  },
  {
    name: 'every FAULT is told',
    tracks: [track(null), track(null, false, 'link'), track(-30, false, 'third')],
    verdicts: { check: down, link: down, third: down },
    value: 70,
    explanation: '100 - 30 third = 70',
    faults: ['check is down: it is down', 'link is down: it is down'],
  },
  {
    name: 'a file: its number times the weight',
    tracks: [track(2)],
    verdicts: { check: file(-15) },
    value: 70,
    explanation: '100 - 30 check = 70',
  },
  {
    name: 'a file, reverse: the other sign',
    tracks: [track(2, true)],
    verdicts: { check: file(-15) },
    value: 130,
    explanation: '100 + 30 check = 130',
  },
  {
    name: 'a file with 0 changes nothing',
    tracks: [track(-2), track(2, true)],
    verdicts: { check: file(0) },
    value: 100,
    explanation: '100',
  },
  {
    name: 'a file counts whether its tracker is up or down',
    tracks: [track(1)],
    verdicts: { check: verdict('down', 5) },
    value: 105,
    explanation: '100 + 5 check = 105',
  },
  {
    name: 'a file that takes 253 is no FAULT',
    tracks: [track(1)],
    verdicts: { check: file(-253) },
    value: 1,
    explanation: '100 - 253 check = -153, held to 1',
  },
  {
    name: 'a file that takes more than 253 is a FAULT',
    tracks: [track(1)],
    verdicts: { check: file(-254) },
    value: 1,
    explanation: '100 - 254 check = -154, held to 1',
    faults: ['check takes 254, more than 253: it is up'],
  },
  {
    name: 'a script that takes more than 253 is no FAULT',
    tracks: [track(-254)],
    verdicts: { check: down },
    value: 1,
    explanation: '100 - 254 check = -154, held to 1',
  },
  {
    name: 'never above 254: 255 is the owner',
    priority: 250,
    tracks: [track(30)],
    verdicts: { check: up },
    value: 254,
    explanation: '250 + 30 check = 280, held to 254',
  },
  {
    name: 'exactly 254 needs no holding',
    priority: 250,
    tracks: [track(4)],
    verdicts: { check: up },
    value: 254,
    explanation: '250 + 4 check = 254',
  },
  {
    name: 'never below 1: 0 gives up',
    priority: 30,
    tracks: [track(-30)],
    verdicts: { check: down },
    value: 1,
    explanation: '30 - 30 check = 0, held to 1',
  },
  {
    name: 'an owner is not changed by weights',
    priority: 255,
    tracks: [track(-30), track(1, false, 'file')],
    verdicts: { check: down, file: file(-300) },
    value: 255,
    explanation: '255: an address owner is not changed by trackers',
  },
  {
    name: 'an owner without anything to say of it',
    priority: 255,
    tracks: [track(-30)],
    verdicts: { check: up },
    value: 255,
    explanation: '255',
  },
  {
    name: 'an owner is in FAULT like any other',
    priority: 255,
    tracks: [track(null)],
    verdicts: { check: down },
    value: 255,
    explanation: '255',
    faults: ['check is down: it is down'],
  },
]

for (const { name, priority = 100, tracks, verdicts, value, explanation, faults = [] } of rows) {
  test(`priority: ${name}`, () => {
    const found = effectivePriority({ priority, tracks }, new Map(Object.entries(verdicts)))
    assert.deepEqual(found, { value, faults, explanation })
  })
}

const anyVerdict = fc.record({
  state: fc.constantFrom<Verdict['state']>('up', 'down', 'unknown'),
  number: fc.option(fc.integer({ min: -1000, max: 1000 })),
  why: fc.constant('said so'),
})
const anyTrack = fc.record({
  tracker: fc.constantFrom('a', 'b', 'c'),
  weight: fc.option(fc.integer({ min: -254, max: 254 })),
  reverse: fc.boolean(),
})

test('whatever the trackers say, nobody becomes owner or gives up by arithmetic', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 254 }),
      fc.array(anyTrack),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), anyVerdict),
      (priority, tracks, verdicts) => {
        const known = new Map(Object.entries(verdicts))
        const { value, explanation } = effectivePriority({ priority, tracks }, known)
        assert.ok(value >= 1 && value <= 254)
        assert.ok(explanation.endsWith(String(value)), explanation)
      },
    ),
  )
})
