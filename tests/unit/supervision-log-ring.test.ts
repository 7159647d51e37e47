import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backOff } from '../../appliance/supervision/back-off.ts'
import { closedGate, stepGate } from '../../appliance/supervision/health-gate.ts'
import { lineCutter, logRing } from '../../appliance/supervision/log-ring.ts'
import { instant, minutes, seconds } from '../../appliance/values/duration.ts'

const line = (text: string) => ({ at: '2030-01-01T00:00:00.000Z', stream: 'stdout', text }) as const

test('the ring keeps the newest lines in order and counts the others', () => {
  const ring = logRing(3)
  for (const text of ['1', '2', '3']) ring.push(line(text))
  assert.equal(ring.dropped(), 0)
  for (const text of ['4', '5']) ring.push(line(text))
  assert.deepEqual(
    ring.lines().map(each => each.text),
    ['3', '4', '5'],
  )
  assert.equal(ring.dropped(), 2)
})

test('lines come out whole, however the text is cut into parts', () => {
  const text = 'one\ntwo\r\n\nfour\nrest'
  for (let size = 1; size <= text.length; size++) {
    const cutter = lineCutter()
    const lines: string[] = []
    for (let from = 0; from < text.length; from += size) {
      lines.push(...cutter.take(text.slice(from, from + size)))
    }
    lines.push(...cutter.rest())
    assert.deepEqual(lines, ['one', 'two', '', 'four', 'rest'], `parts of ${size}`)
  }
})

test('an overlong line is cut once, the rest of it is dropped, the next is whole', () => {
  const cutter = lineCutter(4)
  assert.deepEqual(cutter.take('abc'), [])
  assert.deepEqual(cutter.take('def'), ['abcd [cut]'])
  assert.deepEqual(cutter.take('ghi'.repeat(1000)), [])
  assert.deepEqual(cutter.take('jkl\nnext\nabcd\n'), ['next', 'abcd'])
  assert.deepEqual(cutter.rest(), [])
})

test('what steers a terminal does not come through', () => {
  assert.deepEqual(lineCutter().take('a\x1b[2Jb\x07\tc\x9b\n'), ['a?[2Jb?\tc?'])
})

test('back-off grows by the factor up to the longest wait', () => {
  const policy = {
    when: 'always',
    firstWait: seconds(1),
    factor: 2,
    longestWait: seconds(5),
    forgetAfter: minutes(1),
  } as const
  assert.deepEqual(
    [1, 2, 3, 4, 5000].map(failures => backOff(policy, failures)),
    [1000, 2000, 4000, 5000, 5000],
  )
})

test('the gate passes once, after being well without a break', () => {
  const s = (n: number) => instant(n * 1000)
  const limit = seconds(20)
  let { gate, confirm } = stepGate(closedGate, true, s(0), limit)
  ;({ gate, confirm } = stepGate(gate, true, s(19), limit))
  assert.equal(confirm, false)
  ;({ gate, confirm } = stepGate(gate, false, s(19.5), limit))
  assert.equal(confirm, false)
  ;({ gate, confirm } = stepGate(gate, true, s(21), limit))
  assert.equal(confirm, false)
  ;({ gate, confirm } = stepGate(gate, true, s(41), limit))
  assert.equal(confirm, true)
  ;({ gate, confirm } = stepGate(gate, true, s(99), limit))
  assert.equal(confirm, false)
})
