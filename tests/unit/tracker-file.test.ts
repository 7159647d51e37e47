import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FileSeen, fileState, numberOf } from '../../appliance/vrrp/tracked-file.ts'

const config = { missing: -7 }
const text = (content: string): FileSeen => ({ seen: 'text', text: content })
const before = { number: 12, why: 'the file says 12' }

for (const [content, number] of [
  ['5\n', 5],
  ['  -30  \n', -30],
  ['+4', 4],
  ['0\n', 0],
  ['-0\n', 0],
  ['007', 7],
  ['3\r\n', 3],
  ['\n\n8\nand more\n', 8],
  ['2147483647', 2147483647],
] as const) {
  test(`${JSON.stringify(content)} is ${number}`, () => {
    const read = numberOf(text(content), before, config)
    assert.deepEqual(read, { number, why: `the file says ${number}` })
    assert.ok(!Object.is(read.number, -0))
  })
}

for (const [content, why] of [
  ['', 'the file is empty; 12 stays'],
  ['\n', 'the file is empty; 12 stays'],
  ['up', '"up" is not a whole number; 12 stays'],
  ['5 apples', '"5 apples" is not a whole number; 12 stays'],
  ['1.5', '"1.5" is not a whole number; 12 stays'],
  ['0x10', '"0x10" is not a whole number; 12 stays'],
  ['2147483648', '"2147483648" is not a whole number; 12 stays'],
  ['\u001b[31mred', '"?[31mred" is not a whole number; 12 stays'],
] as const) {
  test(`${JSON.stringify(content)} leaves the number as it was`, () => {
    assert.deepEqual(numberOf(text(content), before, config), { number: 12, why })
  })
}

test('what stands there is shown up to 40 characters', () => {
  const { why } = numberOf(text('x'.repeat(500)), before, config)
  assert.equal(why, `"${'x'.repeat(40)}" is not a whole number; 12 stays`)
})

test('a file that was removed counts as missing, whatever it said before', () => {
  assert.deepEqual(numberOf({ seen: 'nothing' }, before, config), {
    number: -7,
    why: 'no such file: -7',
  })
})

test('garbage with nothing before it counts as missing', () => {
  assert.equal(numberOf(text('?'), null, config).number, -7)
})

test('a file that cannot be read leaves the number as it was', () => {
  const seen = { seen: 'unreadable', why: 'EACCES: permission denied' } as const
  assert.deepEqual(numberOf(seen, before, config), {
    number: 12,
    why: 'EACCES: permission denied; 12 stays',
  })
})

test('0 is well, every other number is a fault for a router without weight', () => {
  const states = [0, 1, -1].map(number => fileState({ number, why: '' }))
  assert.deepEqual(states, ['up', 'down', 'down'])
})
