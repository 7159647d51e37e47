import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Attribute,
  decodeAttributes,
  encodeAttributes,
  readText,
  readUint32,
  text,
  uint8,
  uint32,
} from '../../appliance/linux/netlink/attributes.ts'
import { decodeMessages, encodeMessage, readAck } from '../../appliance/linux/netlink/message.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (...parts: string[]): Uint8Array => new Uint8Array(Buffer.from(parts.join(''), 'hex'))

test('attributes are padded to four bytes, and those inside of one are marked as nested', () => {
  const list: readonly Attribute[] = [
    [1, uint32(0x01020304)],
    [2, text('eth0')],
    [3, [[5, uint8(7)]]],
  ]
  const wanted = [
    '0800 0100 04030201',
    '0900 0200 6574683000 000000',
    '0c00 0380 0500 0500 07000000',
  ]
  assert.equal(hex(encodeAttributes(list)), wanted.join('').replaceAll(' ', ''))
})

test('attributes are read back, whatever is marked in their type', () => {
  const read = decodeAttributes(
    bytes('08000100', '04030201', '09000240', '6574683000', '000000', '05000300', '07000000'),
  )
  assert.equal(readUint32(read.get(1)), 0x01020304)
  assert.equal(readText(read.get(2)), 'eth0')
  assert.deepEqual(read.get(3), Uint8Array.of(7))
  assert.equal(readUint32(read.get(9)), null)
  assert.equal(readText(read.get(9)), null)
  assert.equal(readUint32(bytes('0102')), null)
})

test('attributes that are cut anywhere are refused, or end before the cut', () => {
  const whole = encodeAttributes([
    [1, uint32(1)],
    [2, text('eth0')],
  ])
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.subarray(0, length)
    // Inside of a header nothing more is said; inside of a value something is missing.
    const inValue = (length > 3 && length < 8) || (length > 11 && length < 17)
    if (inValue) assert.throws(() => decodeAttributes(cut), /says \d+ bytes where \d+ are left/)
    else assert.ok(decodeAttributes(cut).size <= 2)
  }
  assert.throws(() => decodeAttributes(bytes('03000100')), /says 3 bytes/)
})

test('messages are written and read with their header, one after the other', () => {
  const first = encodeMessage({ type: 20, flags: 0x505, body: bytes('0102030405') }, 7)
  assert.equal(
    hex(first),
    '15000000 1400 0505 07000000 00000000 0102030405 000000'.replaceAll(' ', ''),
  )
  const second = encodeMessage({ type: 3, flags: 0, body: bytes('') }, 8)
  const read = decodeMessages(Uint8Array.from([...first, ...second]))
  assert.deepEqual(
    read.map(({ type, flags, sequence, port, body }) => [type, flags, sequence, port, hex(body)]),
    [
      [20, 0x505, 7, 0, '0102030405'],
      [3, 0, 8, 0, ''],
    ],
  )
  assert.throws(() => decodeMessages(first.subarray(0, 18)), /says 21 bytes where 18 are left/)
  assert.throws(() => decodeMessages(new Uint8Array(16)), /says 0 bytes/)
})

const capped = 0x100
const withAttributes = 0x200
const error = (flags: number, body: Uint8Array) =>
  readAck({ type: 2, flags, sequence: 1, port: 1, body })

const EINVAL = 'eaffffff'
const request = '15000000 1400 0505 07000000 00000000'.replaceAll(' ', '')
const words = '0e00 0100 4f68206e6f0a2121 2100 0000'.replaceAll(' ', '')
const place = '0800 0200 18000000'.replaceAll(' ', '')

test('the words of the kernel are found behind as much of the request as is there', () => {
  assert.deepEqual(error(capped, bytes('00000000', request)), { result: 0, words: null })
  assert.deepEqual(error(capped, bytes(EINVAL, request)), { result: -22, words: null })
  const short = bytes(EINVAL, request, words)
  assert.deepEqual(error(capped | withAttributes, short), { result: -22, words: 'Oh no\n!!!' })
  const long = bytes(EINVAL, request, '0102030405', '000000', words, place)
  const told = { result: -22, words: 'Oh no\n!!! (at byte 24 of the request)' }
  assert.deepEqual(error(withAttributes, long), told)
  const done = { type: 3, flags: withAttributes, sequence: 1, port: 1, body: bytes(EINVAL, words) }
  assert.deepEqual(readAck(done), { result: -22, words: 'Oh no\n!!!' })
  assert.deepEqual(error(0, bytes('')), { result: 0, words: null })
})
