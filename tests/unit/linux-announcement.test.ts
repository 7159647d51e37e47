import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  announcement,
  gratuitousArp,
  unsolicitedNeighbourAdvertisement,
} from '../../appliance/linux/neighbour-announcement.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { parseMacAddress } from '../../appliance/values/mac-address.ts'

const mac = parseMacAddress('02:00:00:00:00:01')!
const inet = ipAddress('192.0.2.100')
const inet6 = ipAddress('2001:db8::100')
const hex = (frame: Uint8Array): string => Buffer.from(frame).toString('hex')
const golden = (...parts: string[]): string => parts.join('').replaceAll(' ', '')

// The first of each kind as keepalived 2.2.7 sent it for the same address and card.

test('gratuitous ARP', () => {
  const head = ['ffffffffffff 020000000001 0806', '0001 0800 06 04']
  const sender = '020000000001 c0000264'
  const request = golden(...head, '0001', sender, 'ffffffffffff c0000264')
  assert.equal(hex(gratuitousArp(mac, inet)), request)
  assert.equal(hex(announcement(mac, inet)), request)
  const reply = golden(...head, '0002', sender, sender)
  assert.equal(hex(gratuitousArp(mac, inet, 'reply')), reply)
})

test('unsolicited neighbour advertisement', () => {
  const source = '20010db8000000000000000000000100'
  const head = ['333300000001 020000000001 86dd', '60000000 0020 3a ff']
  const addresses = [source, 'ff020000000000000000000000000001']
  const host = golden(...head, ...addresses, '8800 f72c 20000000', source, '0201 020000000001')
  assert.equal(hex(announcement(mac, inet6)), host)
  assert.equal(hex(unsolicitedNeighbourAdvertisement(mac, inet6, { router: false })), host)
  const router = golden(...head, ...addresses, '8800 772c a0000000', source, '0201 020000000001')
  assert.equal(hex(unsolicitedNeighbourAdvertisement(mac, inet6, { router: true })), router)
})
