import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FailureReason, Finding, Pace } from '../../appliance/health/check.ts'
import {
  firstVerdict,
  historyLimit,
  isInDoubt,
  judge,
  latency,
  type ProbeVerdict,
  takenAs,
  verdictText,
} from '../../appliance/health/probe-verdict.ts'
import { instant, milliseconds, seconds } from '../../appliance/values/duration.ts'
import { pace, passed, passedWith, refused } from './health-words.ts'

const failed = (reason: FailureReason, why: string): Finding => ({ kind: 'failed', reason, why })
const took = milliseconds(3)

/** `+` passed, `-` refused, a second apart; the verdict after each. */
function verdicts(findings: string, changes: Partial<Pace>, first?: ProbeVerdict): ProbeVerdict[] {
  const rules = { ...pace, ...changes }
  let verdict = first ?? firstVerdict(rules, instant(0))
  return [...findings].map((sign, index) => {
    const now = instant((index + 1) * 1000)
    verdict = judge(verdict, sign === '+' ? passed : refused, took, rules, now)
    return verdict
  })
}

const damping = { changes: 4, within: seconds(60), hold: seconds(5) }

for (const [name, changes, findings, expected] of [
  ['down at first: one that passes is enough', { rise: 3 }, '+', 'u'],
  ['down at first: it stays so, then it takes rise', { rise: 2 }, '-+-++', 'ddddu'],
  ['up at first: it takes fall', { initially: 'up', fall: 3 }, '--+---', 'uuuuud'],
  ['up: one that passes starts the count anew', { fall: 2 }, '+-+-+--', 'uuuuuud'],
  ['down: one that fails starts the count anew', { rise: 3 }, '-++-+++', 'ddddddu'],
  ['damping: the fourth change is one too many', { damping }, '+-+-+-+++', 'ududdddd'.concat('d')],
  [
    'damping: up again after so long without a failure',
    { damping },
    '+-+-++++++++',
    'ududddddduuu',
  ],
  [
    'damping: a failure while it is held begins the time anew',
    { damping },
    '+-+-+++-++++++',
    'ududdddddddduu',
  ],
] as const) {
  test(name, () => {
    const states = verdicts(findings, changes).map(({ state }) => state[0])
    assert.equal(states.join(''), expected)
  })
}

test('down says since when, how many checks, and what they met', () => {
  const last = verdicts('+---', { fall: 3 }).at(-1)!
  assert.equal(
    verdictText(last, at => `12:0${at / 1000}`),
    'down since 12:04: 3 of 3 checks refused: connection refused',
  )
  const rules = { ...pace, fall: 2 }
  const up = takenAs('up', '', instant(0))
  const once = judge(up, failed('timeout', 'no answer within 1 s'), took, rules, instant(1000))
  assert.equal(isInDoubt(once), true)
  const mixed = judge(once, refused, took, rules, instant(2000))
  assert.equal(mixed.why, '2 of 2 checks failed, the last: connection refused')
  const other = judge(mixed, failed('tls', 'certificate expired'), took, rules, instant(3000))
  assert.equal(other.why, 'certificate expired')
  assert.equal(other.since, mixed.since)
})

test('held down says so, and since when it is down', () => {
  const held = verdicts('+-+-', { damping }).at(-1)!
  assert.equal(held.heldUntil, null)
  const [, , , , over] = verdicts('+-+-+', { damping })
  assert.equal(over!.since, 4000)
  assert.match(over!.why, /^held down: 4 changes within 60 s, up again after 5 s without a failure/)
})

test('changes that are old do not count for damping', () => {
  const short = { ...damping, within: milliseconds(2500) }
  const states = verdicts('+-+-+-+-', { damping: short }).map(({ state }) => state[0])
  assert.equal(states.join(''), 'udududud')
})

test('the weight is what the last passed finding said', () => {
  const rules = { ...pace, fall: 2 }
  const up = judge(firstVerdict(rules, instant(0)), passedWith('set', 7), took, rules, instant(1))
  assert.deepEqual(judge(up, refused, took, rules, instant(2)).weight, { kind: 'set', value: 7 })
  assert.equal(judge(up, passed, took, rules, instant(2)).weight, null)
})

test('ten thousand flaps leave a verdict of the same size', () => {
  const flaps = '+-'.repeat(5000)
  for (const rules of [{}, { damping }]) {
    const all = verdicts(flaps, rules)
    const sizes = all.map(verdict => JSON.stringify(verdict).length)
    assert.equal(all.at(-1)!.history.length, historyLimit)
    assert.ok(all.at(-1)!.changes.length < damping.changes)
    assert.ok(sizes.at(-1)! < sizes[100]! * 1.2, `${sizes[100]} -> ${sizes.at(-1)} bytes`)
  }
})

test('latency is of what passed', () => {
  let verdict = firstVerdict(pace, instant(0))
  assert.equal(latency(verdict.history), null)
  for (const [finding, ms] of [
    [passed, 9],
    [refused, 500],
    [passed, 1],
    [passed, 2],
  ] as const) {
    verdict = judge(verdict, finding, milliseconds(ms), pace, instant(1))
  }
  assert.deepEqual(latency(verdict.history), { last: 2, median: 2, longest: 9 })
})
