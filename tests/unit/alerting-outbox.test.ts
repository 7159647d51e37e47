import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alert } from '../../appliance/alerting/alert.ts'
import {
  mostWaiting,
  type Outbox,
  type OutboxInput,
  outboxWakeAt,
  stepOutbox,
} from '../../appliance/alerting/outbox.ts'
import { framed, syslogLine } from '../../appliance/alerting/syslog-line.ts'
import { instant, seconds } from '../../appliance/values/duration.ts'

const at = (n: number) => instant(seconds(n))
const alert = (id: string): Alert => ({
  id,
  at: '2026-11-22T01:02:03.000Z',
  box: 'lb1',
  topic: 'alarms',
  state: 'begins',
  subject: 'service-down',
  lines: ['web is down', 'dns is\ndown'],
})

function box(...names: string[]) {
  let outbox: Outbox = new Map()
  const feed = (input: OutboxInput): readonly string[] => {
    const step = stepOutbox(outbox, input)
    outbox = step.outbox
    return step.send.map(({ channel, alert: { id } }) => `${channel} ${id}`)
  }
  feed({ input: 'Channels', names, now: at(0) })
  return {
    put: (channel: string, id: string, n: number) =>
      feed({ input: 'Put', channel, alert: alert(id), now: at(n) }),
    sent: (channel: string, n: number) => feed({ input: 'Sent', channel, now: at(n) }),
    failed: (channel: string, n: number) => feed({ input: 'Failed', channel, now: at(n) }),
    channels: (n: number, ...all: string[]) => feed({ input: 'Channels', names: all, now: at(n) }),
    due: (n: number) => feed({ input: 'TimerDue', now: at(n) }),
    wake: () => outboxWakeAt(outbox),
    line: (name: string) => outbox.get(name),
  }
}

test('one at a time, in order; a channel that fails holds no other up', () => {
  const { put, sent, failed } = box('mail', 'hook')
  assert.deepEqual(put('mail', 'a', 1), ['mail a'])
  assert.deepEqual(put('mail', 'b', 1), [])
  assert.deepEqual(put('hook', 'a', 1), ['hook a'])
  assert.deepEqual(failed('mail', 2), [])
  assert.deepEqual(sent('hook', 2), [])
  assert.deepEqual(put('hook', 'b', 3), ['hook b'])
})

test('what failed is tried again, later each time, and first', () => {
  const { put, failed, due, wake, sent } = box('mail')
  put('mail', 'a', 0)
  put('mail', 'b', 0)
  const waits: number[] = []
  let now = 0
  for (let n = 0; n < 10; n += 1) {
    failed('mail', now)
    const next = (wake() ?? 0) / 1000
    waits.push(next - now)
    assert.deepEqual(due(next - 0.001), [])
    assert.deepEqual(due(next), ['mail a'])
    now = next
  }
  assert.deepEqual(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  assert.deepEqual(sent('mail', now), ['mail b'])
})

test('too much: the oldest goes, and is counted; too old: the same', () => {
  const { put, failed, line } = box('mail')
  for (let n = 0; n < mostWaiting + 3; n += 1) put('mail', `${n}`, 0)
  assert.equal(line('mail')?.lost, 3)
  assert.deepEqual(
    line('mail')
      ?.waiting.slice(0, 2)
      .map(({ alert: { id } }) => id),
    ['0', '4'],
    'what is being sent stays',
  )
  failed('mail', 25 * 3600)
  assert.deepEqual([line('mail')?.waiting.length, line('mail')?.lost], [0, mostWaiting + 3])
})

test('a channel that is no longer there takes what waits along', () => {
  const { put, channels, line, failed, wake } = box('mail', 'hook')
  put('mail', 'a', 0)
  channels(1, 'hook')
  assert.equal(line('mail'), undefined)
  assert.deepEqual(failed('mail', 2), [])
  assert.equal(wake(), null)
})

test('RFC 5424: facility and severity, the name of the box, one line', () => {
  const line = syslogLine(alert('x'), 'local3')
  const words = 'lb1: service-down begins: web is down (and 1 more)'
  assert.equal(line, `<153>1 2026-11-22T01:02:03.000Z lb1 diarch - service-down - ${words}`)
  const other = { ...alert('x'), box: 'ein büro', lines: ['a\nb'] }
  assert.match(syslogLine(other, 'daemon'), /^<25>1 \S+ ein_b_ro diarch - .*: a b$/)
  const bytes = framed('<1>ü')
  assert.equal(new TextDecoder().decode(bytes), '5 <1>ü')
})
