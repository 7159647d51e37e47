import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { frameText } from '../../appliance/network/frame-text.ts'

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'))

const macs = 'ffffffffffff 525400120001'

const frames: readonly (readonly [string, string])[] = [
  [
    `${macs} 0806 0001080006040001 525400120001 c000020b 000000000000 c0000201`,
    'ARP  who has 192.0.2.1? asks 192.0.2.11 at 52:54:00:12:00:01',
  ],
  [
    `${macs} 0806 0001080006040001 525400120001 c0000264 000000000000 c0000264`,
    'ARP  192.0.2.100 is at 52:54:00:12:00:01, announced',
  ],
  [
    `${macs} 0806 0001080006040002 525400120001 c000020b 525400120002 c0000201`,
    'ARP  192.0.2.11 is at 52:54:00:12:00:01, answered',
  ],
  [
    `${macs} 0800 45c00020 00000000 ff700000 c000020b e0000012 31336401 00640000 c0000264`,
    'VRRP 192.0.2.11  v3 VRID 51 priority 100, each 1 s: 192.0.2.100',
  ],
  [
    `${macs} 0800 45c00020 00000000 ff700000 c000020b e0000012 31330001 00640000 c0000264`,
    'VRRP 192.0.2.11  v3 VRID 51 gives up, each 1 s: 192.0.2.100',
  ],
  [
    `${macs} 8100 0007 0800 45000028 00000000 40060000 c000020b c0000215
     c35001bb 00000000 00000000 50020000 00000000`,
    'VLAN 7  TCP  192.0.2.11:50000 > 192.0.2.21:443  SYN, 0 bytes',
  ],
  [
    `${macs} 86dd 60000000 0020 3aff fe800000000000000000000000000001
     ff020000000000000000000000000001 88000000 00000000
     20010db8000000000000000000000064 0201 525400120001`,
    'ICMP fe80::1 > ff02::1  is at 2001:db8::64',
  ],
  [`${macs} 88cc 0207`, 'type 88cc from 52:54:00:12:00:01, 16 bytes'],
]

test('frames in words', () => {
  for (const [hex, text] of frames) assert.equal(frameText(bytes(hex)), text)
})

test('whatever comes is one line, cut anywhere or made of anything', () => {
  const begun = fc
    .record({ frame: fc.constantFrom(...frames.map(([hex]) => bytes(hex))), cut: fc.nat(60) })
    .map(({ frame, cut }) => frame.slice(0, cut))
  const type = fc.constantFrom([8, 0], [8, 6], [0x86, 0xdd], [0x81, 0])
  const any = fc
    .tuple(type, fc.uint8Array({ minLength: 12, maxLength: 12 }), fc.uint8Array({ maxLength: 80 }))
    .map(([kind, head, tail]) => Uint8Array.from([...head, ...kind, ...tail]))
  fc.assert(
    fc.property(fc.oneof(begun, any), frame => {
      assert.match(frameText(frame), /^[\x20-\x7e]+$/)
    }),
    { numRuns: 3000 },
  )
})
