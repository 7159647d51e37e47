import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type NtpReport,
  ntpReport,
  timeAlarms,
  timeVerdict,
} from '../../appliance/status/time-status.ts'
import { ntpFile } from '../../appliance/supervisor/time/ntp-file.ts'
import { minutes, seconds } from '../../appliance/values/duration.ts'

/** What ntp-daemon 1.4.0 said on a box, and what differs. */
const said = (system: object, ...sources: readonly object[]) => ({
  program: { version: '1.4.0', uptime_seconds: 0.98 },
  system: { stratum: 2, reference_id: 2130706433, leap_indicator: 'NoWarning', ...system },
  sources: sources.map(source => ({
    ...{ offset: 0.0123456, uncertainty: 0.05, delay: 0.002, unanswered_polls: 0 },
    ...{ name: 'ntp1.example.com:123', address: '192.0.2.8:123', ...source },
  })),
  servers: [],
})

const servers = ['ntp1.example.com', '2001:db8::9']

const verdict = (report: NtpReport | null, before: 'waiting' | 'synchronised' = 'waiting') =>
  timeVerdict(servers, report, before)

test('a client that has set the clock is believed, with the best of its servers', () => {
  const best = { name: '[2001:db8::9]:123', offset: -0.0004567, uncertainty: 0.001 }
  assert.deepEqual(verdict(ntpReport(said({}, {}, best))), {
    state: 'synchronised',
    why: 'set by 2001:db8::9 (2 of 2 answer)',
    source: '2001:db8::9',
    offsetMs: -0.457,
  })
  const deaf = { ...best, unanswered_polls: 3 }
  assert.equal(verdict(ntpReport(said({}, {}, deaf))).why, 'set by ntp1.example.com')
})

const lost = (times: number) => ntpReport(said({}, { unanswered_polls: times }))

const rows: readonly (readonly [string, NtpReport | null, string, string])[] = [
  ['no stratum yet', ntpReport(said({ stratum: 16 })), 'waiting', 'no answer so far from ntp1'],
  ['no leap yet', ntpReport(said({ leap_indicator: 'Unknown' })), 'waiting', 'no answer so far'],
  ['they differ', ntpReport(said({ stratum: 16 }, {}, {})), 'waiting', 'do not agree'],
  ['it is unsure', ntpReport(said({ stratum: 16 }, {})), 'waiting', 'not sure enough'],
  ['one was lost', lost(1), 'synchronised', 'set by'],
  ['all are lost', lost(3), 'lost', 'no answer any more from ntp1.example.com, 2001:db8::9'],
  ['there is none', ntpReport(said({})), 'lost', 'no answer any more'],
  ['it is silent', null, 'waiting', 'diarch log time'],
]

for (const [name, report, state, why] of rows) {
  test(`the time, ${name}: ${state}`, () => {
    const found = verdict(report)
    assert.equal(found.state, state)
    assert.ok(found.why.includes(why), found.why)
  })
}

test('a client that went silent has lost the time; without servers the clock is free', () => {
  assert.equal(verdict(null, 'synchronised').state, 'lost')
  assert.equal(timeVerdict([], null, 'synchronised').state, 'free')
})

test('a clock that nobody sets is an alarm after a while, one of before the build at once', () => {
  const messages = (...given: Parameters<typeof timeAlarms>) =>
    timeAlarms(...given).map(({ reason, message }) => `${reason}: ${message}`)
  const waits = verdict(ntpReport(said({ stratum: 16 })))
  assert.deepEqual(messages(waits, seconds(299), null), [])
  assert.match(messages(waits, minutes(5), null).join(), /^time-not-set: The clock was not set: no/)
  assert.match(messages(verdict(lost(3)), minutes(5), null).join(), /is no longer kept: no answer/)
  const kept = verdict(ntpReport(said({}, {})))
  assert.deepEqual(messages(kept, null, null), [])
  assert.match(messages(kept, null, '2026-11-22T00:00:00.000Z').join(), /before 2026-11-22T/)
})

test('what is no report is none', () => {
  for (const word of [null, 1, 'x', [], {}, { system: {} }, said({ stratum: '2' })]) {
    assert.equal(ntpReport(word), null, JSON.stringify(word))
  }
  const [good] = said({}, {}).sources
  const odd = [
    null,
    { name: 1 },
    { ...good, offset: null },
    { offset: 'far' },
    { name: 'x'.repeat(1000), offset: null },
  ]
  const report = ntpReport({ ...said({}), sources: odd })
  assert.deepEqual(report?.sources, [])
})

test('the file of the client names each server, and how many have to agree', () => {
  const text = ntpFile(servers, '/run/diarch/time/observe')
  assert.match(text, /^observation-path = "\/run\/diarch\/time\/observe"$/m)
  assert.match(text, /^minimum-agreeing-sources = 1$/m)
  assert.match(text, /^address = "ntp1\.example\.com"$/m)
  assert.match(text, /^address = "\[2001:db8::9\]:123"$/m)
  assert.match(ntpFile(['a', 'b', 'c'], '/x'), /^minimum-agreeing-sources = 2$/m)
})
