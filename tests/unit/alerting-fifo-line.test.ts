import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Alert } from '../../appliance/alerting/alert.ts'
import { alertEnvironment } from '../../appliance/alerting/alert-environment.ts'
import { fifoLine } from '../../appliance/alerting/fifo-line.ts'

const alert: Alert = {
  id: 'b9a1d6ce-7f1e-4f5c-9a52-0f0e4a5a2f10',
  at: '2026-01-01T00:00:00.000Z',
  box: 'lb1',
  topic: 'alarms',
  state: 'begins',
  subject: 'service-down',
  lines: ['shop is down'],
}
const size = (line: string): number => Buffer.byteLength(line)

test('one line of JSON, as a webhook gets it', () => {
  assert.deepEqual(JSON.parse(fifoLine(alert)), { product: 'Diarch', ...alert })
})

test('a pipe takes 4096 bytes as a whole: lines that do not fit are counted', () => {
  const lines = Array.from({ length: 21 }, (_, index) => `${index} ${'x'.repeat(300)}`)
  const line = fifoLine({ ...alert, lines })
  const said = (JSON.parse(line) as Alert).lines
  assert.ok(size(line) <= 4096, `${size(line)} bytes`)
  assert.ok(said.length > 10)
  assert.equal(said.at(-1), `and ${21 - (said.length - 1)} more`)
})

test('one line that is too long for itself is cut', () => {
  const line = fifoLine({ ...alert, lines: ['\u0001'.repeat(5000)] })
  assert.ok(size(line) <= 4096, `${size(line)} bytes`)
  assert.equal((JSON.parse(line) as Alert).lines[0]?.length, 400)
})

test('whatever is said, it is one line that fits', () => {
  const letter = fc.constantFrom('a', '\u0001', '"', '\n', 'ü', '€', '😀', '\ud800')
  const words = fc.tuple(letter, fc.nat(1500)).map(([one, times]) => one.repeat(times))
  fc.assert(
    fc.property(fc.array(words, { maxLength: 21 }), lines => {
      const line = fifoLine({ ...alert, lines })
      assert.ok(size(line) <= 4096)
      assert.equal(line.indexOf('\n'), line.length - 1)
      JSON.parse(line)
    }),
  )
})

test('the environment of a script has no control characters', () => {
  const said = alertEnvironment({ ...alert, lines: ['two\nlines\0'] })
  assert.equal(said.DIARCH_ALERT_TEXT, 'lb1: service-down begins: two lines ')
  assert.equal(said.DIARCH_ALERT_STATE, 'begins')
})
