import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../../appliance/values/duration.ts'
import {
  type Finding,
  firstJudgement,
  type Judgement,
  judge,
} from '../../appliance/vrrp/tracker-verdict.ts'

const good: Finding = { ok: true, why: 'exit code 0' }
const bad: Finding = { ok: false, why: 'exit code 1' }

/** `+` is a good finding, `-` a bad one, a second apart; returns the state after each. */
function states(initially: Judgement['state'], findings: string, rise: number, fall: number) {
  let judgement = firstJudgement(initially)
  return [...findings].map((sign, index) => {
    judgement = judge(judgement, sign === '+' ? good : bad, { rise, fall }, instant(index * 1000))
    return judgement.state
  })
}

for (const [name, initially, findings, rise, fall, expected] of [
  ['unknown: the first finding decides, good', 'unknown', '+', 3, 3, 'up'],
  ['unknown: the first finding decides, bad', 'unknown', '-', 3, 3, 'down'],
  ['up: stays for fall - 1 bad ones, then goes down', 'up', '---', 1, 3, 'up up down'],
  ['up: a good one between starts the count anew', 'up', '--+--', 1, 3, 'up up up up up'],
  [
    'found up: a good one between starts it anew too',
    'unknown',
    '+--+--',
    1,
    3,
    'up up up up up up',
  ],
  ['down: rise good ones in a row bring it up', 'down', '+-++', 2, 1, 'down down down up'],
  ['taken as up: it takes fall bad ones too', 'up', '--', 1, 2, 'up down'],
  ['taken as down: it takes rise good ones', 'down', '++', 2, 1, 'down up'],
  ['rise and fall of 1: every finding decides', 'unknown', '+-+', 1, 1, 'up down up'],
] as const) {
  test(name, () => {
    assert.equal(states(initially, findings, rise, fall).join(' '), expected)
  })
}

const once = { rise: 2, fall: 2 }

test('the reason is of a finding that agrees with the state', () => {
  const up = judge(firstJudgement('unknown'), good, once, instant(0))
  assert.equal(up.why, 'exit code 0')
  const shaken = judge(up, bad, once, instant(1000))
  assert.deepEqual([shaken.state, shaken.why], ['up', 'exit code 0'])
  const down = judge(shaken, { ok: false, why: 'no answer within 2 s' }, once, instant(2000))
  assert.deepEqual([down.state, down.why], ['down', 'no answer within 2 s'])
})

test('before the first finding the reason says what was assumed', () => {
  assert.equal(firstJudgement('unknown').why, 'no result yet')
  assert.match(firstJudgement('up').why, /taken as up/)
  const up = judge(firstJudgement('up'), good, once, instant(0))
  assert.equal(up.why, 'exit code 0')
})

test('a reason that differs every time is renewed once in ten seconds', () => {
  const saying = (second: number): Finding => ({ ok: false, why: `exit code 1: at ${second}` })
  let judgement = firstJudgement('unknown')
  const reasons = new Set<string>()
  for (let second = 0; second < 25; second++) {
    judgement = judge(judgement, saying(second), once, instant(second * 1000))
    reasons.add(judgement.why)
  }
  assert.deepEqual([...reasons], ['exit code 1: at 0', 'exit code 1: at 10', 'exit code 1: at 20'])
})
