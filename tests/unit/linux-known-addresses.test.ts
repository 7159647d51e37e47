import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KnownAddresses } from '../../appliance/linux/known-addresses.ts'
import { ipSocketAddress } from '../../appliance/linux/socket-address.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'

test('an address is found in the middle of a packet, again and again', () => {
  const known = new KnownAddresses()
  const packet = Uint8Array.from([9, 9, 192, 0, 2, 1, 192, 0, 2, 2, ...Array(15).fill(0), 1])
  for (let round = 0; round < 3; round++) {
    assert.equal(known.at(packet, 2, 4), '192.0.2.1')
    assert.equal(known.at(packet, 6, 4), '192.0.2.2')
    assert.equal(known.at(packet, 10, 16), '::1')
  }
})

test('addresses with the same hash are told apart, and a flood of others does no harm', () => {
  const known = new KnownAddresses()
  // 31 of the last byte is 1 of the one before it.
  assert.equal(known.at(Uint8Array.of(10, 0, 1, 0), 0, 4), '10.0.1.0')
  assert.equal(known.at(Uint8Array.of(10, 0, 0, 31), 0, 4), '10.0.0.31')
  assert.equal(known.at(Uint8Array.of(10, 0, 1, 0), 0, 4), '10.0.1.0')
  for (let n = 0; n < 5000; n++) {
    const bytes = Uint8Array.of(10, 1, n >> 8, n & 255)
    assert.equal(known.at(bytes, 0, 4), bytes.join('.'))
  }
  assert.equal(known.at(Uint8Array.of(10, 0, 1, 0), 0, 4), '10.0.1.0')
})

test('addresses of sockets are those of the kernel, with a scope where one is needed', () => {
  const hex = (text: string): string =>
    Buffer.from(ipSocketAddress(ipAddress(text), 7)).toString('hex')
  assert.equal(hex('192.0.2.1'), `02000000c0000201${'0'.repeat(16)}`)
  const inet6 = (address: string, scope: string) => `0a00000000000000${address}${scope}`
  assert.equal(hex('ff02::12'), inet6('ff020000000000000000000000000012', '07000000'))
  assert.equal(hex('fe80::1'), inet6('fe800000000000000000000000000001', '07000000'))
  assert.equal(hex('2001:db8::1'), inet6('20010db8000000000000000000000001', '00000000'))
})
