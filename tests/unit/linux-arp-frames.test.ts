import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimants, claimText } from '../../appliance/ipvs/address-claims.ts'
import { readClaim, whoHas } from '../../appliance/linux/arp-frames.ts'
import { announcement, gratuitousArp } from '../../appliance/linux/neighbour-announcement.ts'
import { encodeSegment, readSegment, tcpFlag } from '../../appliance/linux/tcp-frames.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { parseMacAddress } from '../../appliance/values/mac-address.ts'

const mac = parseMacAddress('52:54:00:00:00:01')!
const other = parseMacAddress('52:54:00:00:00:02')!
const [inet, inet6] = [ipAddress('192.0.2.100'), ipAddress('2001:db8::100')]
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test('questions, byte for byte', () => {
  assert.equal(
    hex(whoHas(inet, mac, ipAddress('192.0.2.1'))),
    'ffffffffffff5254000000010806000108000604000152540000000' + '1c0000201000000000000c0000264',
  )
  assert.match(hex(whoHas(inet, mac, null)), /00000000000000000000c0000264$/)
  // As ping6 of Linux asks, the checksum aside; tests/net has real hosts answer.
  assert.match(
    hex(whoHas(inet6, mac, ipAddress('2001:db8::1'))),
    /^3333ff00010052540000000186dd6000000000203aff20010db8(00){11}01ff02(00){9}01ff0001008700/,
  )
  assert.equal(whoHas(inet6, mac, null).length, 14 + 40 + 24)
})

test('answers are read, everything else is not', () => {
  assert.deepEqual(readClaim(gratuitousArp(mac, inet, 'reply')), { address: inet, mac })
  assert.deepEqual(readClaim(announcement(mac, inet6)), { address: inet6, mac })
  // Without the option the frame's source is who has it.
  assert.deepEqual(readClaim(announcement(mac, inet6).slice(0, -8)), { address: inet6, mac })
  assert.equal(readClaim(gratuitousArp(mac, inet, 'request')), null)
  assert.equal(readClaim(whoHas(inet6, mac, null)), null)
  const forwarded = announcement(mac, inet6)
  forwarded[21] = 254
  assert.equal(readClaim(forwarded), null)
  for (const frame of [gratuitousArp(mac, inet, 'reply'), announcement(mac, inet6).slice(0, -8)]) {
    for (let length = 0; length < frame.length; length++) {
      assert.equal(readClaim(frame.slice(0, length)), null, `${length} bytes`)
    }
  }
})

for (const [family, from, to] of [
  ['inet', ipAddress('192.0.2.1'), inet],
  ['inet6', ipAddress('2001:db8::1'), inet6],
] as const) {
  test(`${family}: a segment comes back as it went, and half of it does not`, () => {
    const segment = {
      from: { mac, address: from, port: 61_001 },
      to: { mac: other, address: to, port: 80 },
      sequence: 0xfffffffe,
      acknowledged: 7,
      flags: tcpFlag.syn,
    }
    const frame = encodeSegment(family, segment)
    assert.deepEqual(readSegment(frame), segment)
    const least = frame.length - 4
    for (let length = 0; length < least; length++) {
      assert.equal(readSegment(frame.slice(0, length)), null, `${length} bytes`)
    }
  })
}

test('who answers is named: a server by its name, the pair not at all', () => {
  const third = parseMacAddress('52:54:00:00:00:03')!
  const servers = [{ name: 'web1', address: ipAddress('10.0.0.1'), mac: other }]
  const found = claimants([mac, other, third], servers, [mac])
  assert.deepEqual(
    found.map(claimant => claimText(claimant, inet)),
    [
      'real server web1 (10.0.0.1, 52:54:00:00:00:02) answers ARP for 192.0.2.100: set ' +
        'arp_ignore=1 and arp_announce=2 there ("diarch realserver-script --vip 192.0.2.100" ' +
        'prints what does it)',
      '52:54:00:00:00:03 answers ARP for 192.0.2.100 and is no real server: find it by its MAC',
    ],
  )
  assert.match(claimText(found[0]!, inet6), /neighbour solicitations.* on its lo, not on/)
})
