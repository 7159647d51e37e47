import assert from 'node:assert/strict'
import { test } from 'node:test'
import { showStatus } from '../../appliance/cli/show-status.ts'
import { events, log } from '../../appliance/console/menu/answer-lines.ts'
import { drawScreen } from '../../appliance/console/screen.ts'
import { localMinute, localMoment, localTime } from '../../appliance/linux/local-time.ts'
import type { TimeStatus } from '../../appliance/status/time-status.ts'
import { exampleStatus } from '../processes/example-status.ts'

const rows = [
  ['2030-01-01T23:59:08.123Z', 'UTC', '2030-01-01 23:59:08 UTC'],
  ['2030-01-01T23:59:08.123Z', 'Europe/Berlin', '2030-01-02 00:59:08 +01:00'],
  ['2030-07-01T23:59:08.123Z', 'Europe/Berlin', '2030-07-02 01:59:08 +02:00'],
  ['2030-01-01T00:00:08Z', 'America/St_Johns', '2029-12-31 20:30:08 -03:30'],
  ['2030-01-01T00:00:08Z', 'Africa/Abidjan', '2030-01-01 00:00:08 +00:00'],
  ['never', 'Europe/Berlin', 'never'],
] as const

for (const [iso, zone, shown] of rows) {
  test(`${iso} in ${zone} is ${shown}`, () => assert.equal(localTime(iso, zone), shown))
}

test('the zone is said once, or with the minute', () => {
  const at = '2030-01-01T23:59:08.123Z'
  assert.equal(localMoment(at, 'Europe/Berlin'), '2030-01-02 00:59:08.123')
  assert.equal(localMoment(at, 'UTC'), '2030-01-01 23:59:08.123')
  assert.equal(localMinute(at, 'Asia/Kolkata'), '05:29 +05:30')
})

test('the menu at the console shows events and logs in the zone of the box', () => {
  const at = '2030-01-01T23:59:08.123Z'
  const event = { at, about: 'VI_1', event: 'master', text: 'it leads', times: 1 }
  const shown = events('Europe/Berlin')({ events: [event] })
  assert.deepEqual(shown, ['01-02 00:59:08  VI_1: master: it leads'])
  const lines = [{ at, stream: 'stdout', text: 'hello' }]
  assert.deepEqual(log('Europe/Berlin')({ name: 'web', lines }), ['00:59:08   hello'])
})

test('status and the first screen show what keeps the clock, and its zone', () => {
  const time: TimeStatus = {
    zone: 'Europe/Berlin',
    state: 'synchronised',
    since: '',
    why: 'set by ntp1',
    servers: ['ntp1'],
    serversFrom: 'DHCP',
    source: 'ntp1',
    offsetMs: -0.4,
  }
  const status = { ...exampleStatus, now: '2030-07-01T07:41:08.123Z', time }
  const line = 'time      2030-07-01 09:41:08 +02:00 (Europe/Berlin), synchronised: set by ntp1'
  assert.ok(showStatus(status).includes(`${line}, -0.4 ms off\n`), showStatus(status))
  const screen = drawScreen(status, { columns: 80, rows: 25 }).map(({ text }) => text)
  assert.match(screen.join('\n'), / 09:41 \+02:00/)
})
