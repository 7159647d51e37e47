import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  decodeAnswer,
  decodeDomain,
  decodeLogins,
  decodeState,
  encodeCall,
  lengthOf,
} from '../../appliance/fencing/libvirt-message.ts'
import { join, present, text, words, XdrReader } from '../../appliance/fencing/xdr.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (digits: string): Uint8Array => Buffer.from(digits.replace(/\s/g, ''), 'hex')

/** As a real libvirtd has it: name, UUID, number. */
const domain = `00000003 626f7800 c7a5fdbd edaf9455926ad65c16db1809 ffffffff`
const reply = (body: string, status = '00000000') =>
  bytes(`00000000 20008086 00000001 00000017 00000001 00000005 ${status} ${body}`)
const refusal = reply('0000002a 0000000a 00000001 00000002 6e6f0000 00000002', '00000001')

test('xdr: numbers, text filled up to four bytes, what may be missing', () => {
  assert.equal(hex(words(1, -1, 0x8000_0000)), '00000001ffffffff80000000')
  assert.equal(hex(text('')), '00000000')
  assert.equal(hex(text('grün')), '000000056772c3bc6e000000')
  assert.equal(hex(present(text('a'))), '000000010000000161000000')
  const reader = new XdrReader(bytes('ffffffff ffffffff 00000005 6772c3bc6e000000 00000000'))
  assert.deepEqual([reader.integer(), reader.word(), reader.text()], [-1, 0xffff_ffff, 'grün'])
  assert.equal(
    reader.optional(() => reader.word()),
    null,
  )
  assert.equal(reader.short, false)
  assert.equal(reader.word(), 0)
  assert.equal(reader.short, true, 'there was nothing left')
})

test('a call, byte for byte', () => {
  const args = join(present(text('qemu:///system')), words(0))
  const due = `00000038 20008086 00000001 00000001 00000000 00000007 00000000
    00000001 0000000e 71656d753a2f2f2f73797374656d0000 00000000`
  assert.equal(hex(encodeCall('connectOpen', 7, args)), hex(bytes(due)))
  assert.equal(lengthOf(encodeCall('connectOpen', 7, args)), 0x38)
})

test('how long a message is: too short, too long, not yet known', () => {
  assert.equal(lengthOf(bytes('000000')), null)
  assert.equal(lengthOf(bytes('0000001b')), 'broken')
  assert.equal(lengthOf(bytes('00010001')), 'broken')
  assert.equal(lengthOf(bytes('0000001c')), 28)
})

test('an answer: a result, a refusal in words, an event, anything else', () => {
  const result = decodeAnswer(reply(domain))
  assert.ok(result.kind === 'result' && result.serial === 5)
  assert.equal(hex(result.body), hex(bytes(domain)))
  assert.deepEqual(decodeAnswer(refusal), { kind: 'refused', serial: 5, text: 'no' })
  const wordless = reply('0000002a 0000000a 00000000 00000002', '00000001')
  const { kind } = decodeAnswer(wordless)
  assert.equal(kind, 'refused')
  assert.equal(decodeAnswer(reply('', '00000002')).kind, 'broken')
  const event = reply('')
  event[19] = 2
  assert.equal(decodeAnswer(event).kind, 'other')
  const alive = reply('')
  alive.set(bytes('6b656570'), 4)
  assert.equal(decodeAnswer(alive).kind, 'other')
})

test('a machine goes back as it came; a state is two numbers', () => {
  assert.equal(hex(decodeDomain(bytes(`${domain}00000000`)) ?? words()), hex(bytes(domain)))
  assert.deepEqual(decodeLogins(bytes('00000002 00000001 00000000')), [1, 0])
  const state = (number: number, reason: number) => decodeState(words(number, reason))
  const shutOff = 5
  assert.equal(state(shutOff, 2), 'off')
  assert.equal(state(shutOff, 4), 'elsewhere', 'it runs on another host')
  // No state, running, blocked, paused, in shutdown, crashed, suspended.
  for (const other of [0, 1, 2, 3, 4, 6, 7, 99]) assert.equal(state(other, 0), 'on', `${other}`)
})

test('cut off anywhere it is broken, and nothing throws at whatever comes', () => {
  for (let length = 0; length < refusal.length - 4; length += 1) {
    assert.equal(decodeAnswer(refusal.subarray(0, length)).kind, 'broken', `${length} bytes`)
  }
  const all = bytes(domain)
  for (let length = 0; length < all.length; length += 1) {
    assert.equal(decodeDomain(all.subarray(0, length)), null)
  }
  for (let length = 0; length < 8; length += 1) {
    assert.equal(decodeState(words(5, 2).subarray(0, length)), null)
    assert.equal(decodeLogins(words(1, 0).subarray(0, length)), null)
  }
  const anything = fc.property(fc.uint8Array({ maxLength: 80 }), some => {
    decodeAnswer(some)
    decodeAnswer(join(refusal.subarray(0, 28), some))
    decodeDomain(some)
    decodeLogins(some)
    lengthOf(some)
    assert.ok(decodeState(some) === null || some.length >= 8)
  })
  fc.assert(anything, { numRuns: 500 })
})
