import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { WeightWord } from '../../appliance/health/check.ts'
import { type ProbeVerdict, takenAs } from '../../appliance/health/probe-verdict.ts'
import { judgeQuorum, type Quorum } from '../../appliance/health/quorum.ts'
import {
  type CheckVerdict,
  fullWeight,
  heaviest,
  serverVerdict,
} from '../../appliance/health/server-weight.ts'
import { ramped } from '../../appliance/health/slow-start.ts'
import { instant, seconds } from '../../appliance/values/duration.ts'
import { address, asked, override, settings, tcp } from './health-words.ts'

const seen = (
  name: string,
  state: 'up' | 'down' | 'unknown',
  rest: { weight?: number | null; reverse?: boolean; word?: WeightWord } = {},
): CheckVerdict => {
  const { weight = null, reverse = false, word = null } = rest
  const taken = takenAs(state === 'up' ? 'up' : 'down', `it is ${state}`, instant(0))
  const verdict: ProbeVerdict = { ...taken, judged: state !== 'unknown', weight: word }
  return { check: asked(tcp(name), address(1), { weight, reverse }), verdict }
}
const set = (value: number): WeightWord => ({ kind: 'set', value })
const percent = (value: number): WeightWord => ({ kind: 'percent', value })

for (const [configured, checks, value, explanation] of [
  [100, [seen('web', 'up')], 100, '100'],
  [100, [seen('web', 'down', { weight: -30 })], 70, '100 - 30 (check web is down) = 70'],
  [100, [seen('web', 'up', { weight: -30 })], 100, '100'],
  [100, [seen('web', 'unknown', { weight: -30 })], 100, '100'],
  [100, [seen('web', 'up', { weight: -30, reverse: true })], 70, '100 - 30 (check web is up) = 70'],
  [10, [seen('a', 'down', { weight: -30 })], 0, '10 - 30 (check a is down) = -20, held to 0'],
  [
    heaviest,
    [seen('a', 'down', { weight: 5 })],
    heaviest,
    '65535 + 5 (check a is down) = 65540, held to 65535',
  ],
  [100, [seen('load', 'up', { word: set(40) })], 40, '40 (set by check load)'],
  [
    100,
    [seen('a', 'up', { word: set(40) }), seen('b', 'up', { word: set(7) })],
    7,
    '7 (set by check b)',
  ],
  [
    10,
    [seen('agent', 'up', { word: percent(33) })],
    4,
    '10 × 33 % (check agent) = 3.3, rounded up to 4',
  ],
  [1, [seen('agent', 'up', { word: percent(0) })], 0, '1 × 0 % (check agent) = 0'],
  [
    100,
    [seen('agent', 'up', { word: percent(50) }), seen('db', 'down', { weight: -20 })],
    30,
    '100 × 50 % (check agent) - 20 (check db is down) = 30',
  ],
] as const) {
  test(`weight: ${explanation}`, () => {
    assert.deepEqual(fullWeight({ settings: settings(configured) }, checks, null), {
      value,
      explanation,
    })
  })
}

test('the operator’s weight is the last word', () => {
  const checks = [seen('web', 'down', { weight: -30 }), seen('load', 'up', { word: set(3) })]
  assert.deepEqual(fullWeight({ settings: settings(100) }, checks, override({ weight: 50 })), {
    value: 50,
    explanation: '50 by ann (configured: 100)',
  })
})

const anyCheck = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c'),
    state: fc.constantFrom('up', 'down', 'unknown' as const),
    weight: fc.option(fc.integer({ min: -70_000, max: 70_000 })),
    reverse: fc.boolean(),
    word: fc.option(
      fc.record({ kind: fc.constantFrom('set', 'percent' as const), value: fc.nat(300) }),
    ),
  })
  .map(({ name, state, word, ...rest }) =>
    seen(name, state, word === null ? rest : { ...rest, word }),
  )

/** What a person would get with a pocket calculator, from the left. */
function calculated(explanation: string): { shown: number; final: number } {
  const [formula = '', ...notes] = explanation.split(', ')
  const [left = '', result] = formula.split(' = ')
  const terms = left.replaceAll(/\([^)]*\)/g, '').replaceAll('%', '/ 100')
  const words = terms.split(/\s+/).filter(word => word !== '')
  let sum = Number(words[0])
  for (let index = 1; index < words.length; index += 2) {
    const number = Number(words[index + 1])
    if (words[index] === '×') sum *= number
    else if (words[index] === '/') sum /= number
    else if (words[index] === '+') sum += number
    else if (words[index] === '-') sum -= number
    else assert.fail(`"${words[index]}" in ${explanation}`)
  }
  if (result !== undefined) assert.ok(Math.abs(Number(result) - sum) < 1e-5, explanation)
  const noted = /(-?\d+)$/.exec(notes.at(-1) ?? '')
  return { shown: sum, final: noted === null ? sum : Number(noted[1]) }
}

test('every explanation is true, every weight fits, the order of checks is no matter', () => {
  const configured = fc.nat(heaviest)
  fc.assert(
    fc.property(configured, fc.array(anyCheck, { maxLength: 5 }), (weight, checks) => {
      const config = { settings: settings(weight) }
      const { value, explanation } = fullWeight(config, checks, null)
      assert.ok(Number.isInteger(value) && value >= 0 && value <= heaviest)
      const { shown, final } = calculated(explanation)
      assert.ok(Math.abs(final - value) < 1e-5, explanation)
      assert.equal(Math.min(heaviest, Math.max(0, Math.ceil(shown - 1e-5))), value, explanation)
      assert.equal(fullWeight(config, checks.toReversed(), null).value, value)
      assert.equal(serverVerdict(checks.toReversed()).up, serverVerdict(checks).up)
    }),
    { numRuns: 500 },
  )
})

test('a server is up when no check takes it out', () => {
  for (const [checks, up, judged, why] of [
    [[], true, true, 'it has no checks'],
    [[seen('web', 'up')], true, true, 'web: it is up'],
    [[seen('web', 'up'), seen('db', 'up')], true, true, '2 checks pass'],
    [[seen('web', 'up'), seen('db', 'down')], false, true, 'db: it is down'],
    [[seen('web', 'unknown')], false, false, 'web: it is unknown'],
    [[seen('web', 'down', { reverse: true })], true, true, 'web is down (reverse): it is down'],
    [[seen('web', 'unknown', { reverse: true })], false, false, 'web: it is unknown'],
    [[seen('web', 'down', { weight: -5 })], true, true, 'its checks change its weight only'],
  ] as const) {
    assert.deepEqual(serverVerdict(checks), { up, judged, why })
  }
})

const at = (n: number) => instant(n)

test('quorum: hysteresis on both sides, as in keepalived', () => {
  const rule = { quorum: 100, hysteresis: 20 }
  let quorum: Quorum | null = null
  const states: boolean[] = []
  for (const weight of [110, 119, 120, 90, 80, 79, 110, 120]) {
    quorum = judgeQuorum(quorum, weight, rule, at(weight))
    states.push(quorum.up)
  }
  assert.deepEqual(states, [false, false, true, true, true, false, false, true])
})

test('quorum: nobody is no quorum, and the reason has its figures', () => {
  const rule = { quorum: 2, hysteresis: 2 }
  const up = judgeQuorum(null, 4, rule, at(1))
  assert.equal(up.why, 'weight 4 reaches 4 (2 + 2)')
  assert.equal(judgeQuorum(up, 1, rule, at(2)), up)
  const lost = judgeQuorum(up, 0, rule, at(3))
  assert.deepEqual(lost, { up: false, since: 3, why: 'weight 0 is below 1 (2 - 2)' })
  assert.equal(judgeQuorum(lost, 3, rule, at(4)), lost)
  const plain = judgeQuorum(null, 0, { quorum: 1, hysteresis: 0 }, at(1))
  assert.equal(plain.why, 'weight 0 does not reach 1')
})

test('slow start: in steps, never 0, and each step when it was said', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: heaviest }), fc.integer({ min: 1, max: 600 }), (w, s) => {
      const full = { value: w, explanation: String(w) }
      const weights: number[] = []
      // A third of a millisecond after a year.
      const from = instant(31_536_000_000 + 1 / 3)
      let now = from
      for (;;) {
        const { weight, nextAt } = ramped(full, seconds(s), from, now)
        weights.push(weight.value)
        if (nextAt === null) break
        assert.ok(nextAt > now && nextAt - from <= s * 1000 + 1e-3)
        now = nextAt
      }
      assert.ok(weights.length >= 2 && weights.length <= 11)
      assert.ok(weights.every((value, index) => value >= (weights[index - 1] ?? 1)))
      assert.equal(weights.at(-1), w)
      assert.equal(Math.round(now - from), s * 1000)
    }),
  )
  const ten = ramped({ value: 70, explanation: '70' }, seconds(90), at(0), at(0))
  assert.equal(ten.weight.explanation, '70, slow start: 9 % of 70 is 7')
})
