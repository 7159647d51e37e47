import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Told } from '../../appliance/alerting/alert.ts'
import {
  type AlarmSeen,
  type Happening,
  quiet,
  type WatchInput,
  type WatchRules,
  watch,
  watchWakeAt,
} from '../../appliance/alerting/watch.ts'
import { type Instant, instant, minutes, seconds } from '../../appliance/values/duration.ts'

const rules: WatchRules = { hold: seconds(5), remind: minutes(60) }
const at = (n: number): Instant => instant(seconds(n))

/** The same as the process does: whatever is due is handed in at its time. */
function story(own = rules) {
  let state = quiet
  const said: string[] = []
  const words = ({ state: is, subject, lines }: Told) => `${is} ${subject}: ${lines.join('; ')}`
  const feed = (input: WatchInput): void => {
    const step = watch(state, input, own)
    state = step.state
    said.push(...step.told.map(told => `${input.now / 1000} ${words(told)}`))
  }
  const until = (n: number): void => {
    for (let due = watchWakeAt(state, own); due !== null && due <= at(n); ) {
      feed({ input: 'TimerDue', now: due })
      due = watchWakeAt(state, own)
    }
  }
  return {
    said,
    until,
    alarms: (n: number, ...alarms: AlarmSeen[]) => {
      until(n)
      feed({ input: 'AlarmsSeen', alarms, now: at(n) })
    },
    happened: (n: number, ...events: Happening[]) => {
      until(n)
      feed({ input: 'Happened', events, now: at(n) })
    },
  }
}

const down = (name: string): AlarmSeen => ({ reason: 'service-down', message: `${name} is down` })
const master = (about: string): Happening => {
  return { topic: 'roles', event: 'master', about, text: 'nobody was heard' }
}

test('an alarm is told when it has stood, and its end when it has been away', () => {
  const { said, alarms, until } = story()
  alarms(10, down('web'))
  until(100)
  alarms(100)
  until(200)
  assert.deepEqual(said, [
    '15 begins service-down: web is down',
    '105 ends service-down: web is down',
  ])
})

test('what comes and goes faster than that is no news, at either end', () => {
  const { said, alarms, until } = story()
  alarms(10, down('web'))
  alarms(14)
  until(60)
  alarms(60, down('web'))
  until(70)
  alarms(100)
  alarms(104, down('web'))
  until(200)
  assert.deepEqual(said, ['65 begins service-down: web is down'])
})

test('a hundred of one reason are one alert, and the first twenty are named', () => {
  const { said, alarms, until } = story()
  alarms(10, ...Array.from({ length: 100 }, (_, n) => down(`s${n}`)))
  until(60)
  assert.equal(said.length, 1)
  assert.match(said[0] ?? '', /s0 is down;.*s19 is down; and 80 more$/)
})

test('a line has an end, of alarms and of what has happened', () => {
  const { said, alarms, happened, until } = story()
  alarms(10, { reason: 'configuration-refused', message: 'f'.repeat(20_000) })
  happened(10, { ...master('lb1'), text: 'x'.repeat(20_000) })
  until(60)
  const [first = '', second = ''] = said.map(line => line.replace(/^.*?: /, ''))
  assert.deepEqual([first.length, second.length], [4000, 4000])
})

test('more of the same is told after five minutes, what stands on after the reminder', () => {
  const { said, alarms, until } = story()
  alarms(0, down('web'))
  until(30)
  alarms(30, down('web'), down('dns'))
  until(8000)
  assert.deepEqual(said, [
    '5 begins service-down: web is down',
    '305 goes on service-down: web is down; dns is down',
    '3905 goes on service-down: web is down; dns is down',
    '7505 goes on service-down: web is down; dns is down',
  ])
})

test('without a reminder it is told once', () => {
  const { said, alarms, until } = story({ ...rules, remind: null })
  alarms(0, down('web'))
  until(80_000)
  assert.equal(said.length, 1)
})

test('what may be so for ever is told once, and its end', () => {
  const { said, alarms, until } = story()
  alarms(0, { reason: 'watchdog-software', message: 'it has no other' })
  until(80_000)
  alarms(80_000)
  until(80_010)
  assert.deepEqual(said, [
    '5 begins watchdog-software: it has no other',
    '80005 ends watchdog-software: it has no other',
  ])
})

test('what happens together is told together, by topic', () => {
  const { said, happened, until } = story()
  happened(10, master('VI_1'))
  happened(11, master('VI_2'))
  happened(11, { topic: 'services', event: 'quorum-down', about: 'web', text: '0 of 2' })
  until(60)
  assert.deepEqual(said, [
    '12 happened master: VI_1: master: nobody was heard; VI_2: master: nobody was heard',
    '12 happened quorum-down: web: quorum-down: 0 of 2',
  ])
})
