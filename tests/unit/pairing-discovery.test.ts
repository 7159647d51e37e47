import assert from 'node:assert/strict'
import type { NetworkInterfaceInfo } from 'node:os'
import { test } from 'node:test'
import { addressesOf, everybodyOn, segmentsOf, segmentWith } from '../../appliance/pair/segments.ts'
import {
  answerBytes,
  type FoundBox,
  longestDatagram,
  questionBytes,
  readAnswer,
  readQuestion,
  withFound,
} from '../../appliance/pairing/discovery.ts'
import { virtualAddressesOf } from '../../appliance/pairing/virtual-addresses.ts'

const id = '0123456789abcdef'.repeat(2)

const box: FoundBox = {
  name: 'x'.repeat(64),
  version: '10.20.30',
  fingerprint: Array(32).fill('AB').join(':'),
  addresses: Array.from({ length: 4 }, (_, n) => `2001:db8:1111:2222:3333:4444:5555:666${n}`),
  port: 65_535,
}

test('a question is as long as the longest answer', () => {
  assert.equal(questionBytes(id).length, longestDatagram)
  assert.ok(answerBytes(id, box).length <= longestDatagram)
  assert.equal(readQuestion(questionBytes(id)), id)
  assert.deepEqual(readAnswer(answerBytes(id, box), id), box)
})

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test('what is no question is not answered', () => {
  const question = questionBytes(id)
  const other = bytes(new TextDecoder().decode(question).replace('pairing', 'PAIRING'))
  const invalid = Uint8Array.from(question).fill(0xff, 0, 1)
  const longer = new Uint8Array(longestDatagram + 1).fill(0x20)
  longer.set(question)
  for (const wrong of [question.slice(0, -1), longer, other, invalid, answerBytes(id, box)]) {
    assert.equal(readQuestion(wrong), null)
  }
})

test('what is no answer to this question is no box', () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['name', ''],
    ['addresses', []],
    ['addresses', ['lb1']],
    ['port', 0],
    ['fingerprint', 'AB'],
    ['more', 1],
  ]
  for (const [key, value] of wrong) {
    const sent = { ...box, [key]: value } as FoundBox
    assert.equal(readAnswer(answerBytes(id, sent), id), null, key)
  }
  assert.equal(readAnswer(answerBytes('f'.repeat(32), box), id), null)
  assert.equal(readAnswer(bytes('{'), id), null)
})

test('one box that answers by several ways is one, and there are not too many', () => {
  const [a, b] = [
    { ...box, addresses: ['192.0.2.11'] },
    { ...box, addresses: ['2001:db8::11', '192.0.2.11'] },
  ]
  assert.deepEqual(withFound([a], b), [{ ...box, addresses: ['192.0.2.11', '2001:db8::11'] }])
  const many = Array.from({ length: 20 }, (_, n) => ({ ...a, fingerprint: `${n}` }))
  const none: readonly FoundBox[] = []
  assert.equal(many.reduce((boxes, each) => withFound(boxes, each), none).length, 16)
})

const info = (cidr: string, internal = false) =>
  ({ cidr, internal, family: cidr.includes(':') ? 'IPv6' : 'IPv4' }) as NetworkInterfaceInfo

const segments = segmentsOf({
  lo: [info('127.0.0.1/8', true)],
  lan1: [info('fe80::1/64'), info('192.0.2.11/25'), info('2001:db8::11/64')],
  lan2: [info('198.51.100.1/31')],
})

test('everybody on a segment, by both families', () => {
  assert.deepEqual(segments.flatMap(everybodyOn), [
    { family: 6, address: 'ff02::1%lan1' },
    { family: 4, address: '192.0.2.127' },
  ])
  assert.deepEqual(segments.map(addressesOf), [['192.0.2.11', '2001:db8::11'], ['198.51.100.1']])
})

test('who asks from further away is on no segment', () => {
  const at = (source: string) => segmentWith(source, segments)?.interface ?? null
  assert.deepEqual(
    ['192.0.2.99', '192.0.2.200', 'fe80::9%lan1', 'fe80::9%lan9', '2001:db8::7', '203.0.113.1'].map(
      at,
    ),
    ['lan1', null, 'lan1', null, 'lan1', null],
  )
})

test('virtual addresses are not those of a box', () => {
  const routers = {
    VI_1: { virtualAddresses: ['192.0.2.100/24', { address: '2001:db8::100/64' }] },
    VI_2: {},
  }
  assert.deepEqual(virtualAddressesOf({ routers }), ['192.0.2.100', '2001:db8::100'])
  assert.deepEqual(virtualAddressesOf({}), [])
})
