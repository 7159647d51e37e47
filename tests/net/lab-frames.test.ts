import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Packet, readFrame } from '../lab/namespaces/frames.ts'
import { PcapReader } from '../lab/namespaces/pcap.ts'

const frame = (...hex: string[]) => {
  return readFrame({ time: 0, bytes: Buffer.from(hex.join('').replaceAll(' ', ''), 'hex') })
}

const ethernet = '01005e000012 020000000001'
const ip = '45c0 0020 0001 0000 ff70 0000 c0000201 e0000012'
// Version 3, VRID 51, priority 200, one second, 192.0.2.100.
const advert = '31 33 c8 01 0064 a171 c0000264'

const checksum = (packet: Packet) => packet.kind === 'advert' && packet.checksumRight

test('a checksum of version 3 covers the addresses of the IP header', () => {
  assert.equal(checksum(frame(ethernet, '0800', ip, advert).packet), true)
  assert.equal(checksum(frame(ethernet, '0800', ip, advert.replace('c8', 'c9')).packet), false)
  const elsewhere = ip.replace('c0000201', 'c0000203')
  assert.equal(checksum(frame(ethernet, '0800', elsewhere, advert).packet), false)
})

test('a VLAN tag is read and passed over', () => {
  const tagged = frame(ethernet, '8100 602a 0800', ip, advert)
  assert.equal(tagged.vlan, 42)
  assert.equal(checksum(tagged.packet), true)
})

test('an advert that is cut short is no advert', () => {
  const short = ip.replace('0020', '001c')
  assert.equal(frame(ethernet, '0800', short, advert.slice(0, 20)).packet.kind, 'other')
})

const arp = (operation: string, sender: string, target: string): Packet => {
  const header = ['ffffffffffff 020000000001 0806', '0001 0800 06 04', operation]
  return frame(...header, '020000000001', sender, '000000000000', target).packet
}

test('gratuitous ARP is told from ordinary ARP', () => {
  const mac = '02:00:00:00:00:01'
  assert.deepEqual(arp('0002', 'c0000264', 'c0000264'), {
    kind: 'announcement',
    by: 'arp-reply',
    address: '192.0.2.100',
    mac,
  })
  assert.deepEqual(arp('0001', 'c0000201', 'c0000264'), {
    kind: 'arp',
    operation: 'request',
    senderMac: mac,
    sender: '192.0.2.1',
    target: '192.0.2.100',
  })
})

test('captures are read whatever way their bytes are cut', () => {
  const record = (seconds: number, bytes: string) => {
    const data = Buffer.from(bytes, 'hex')
    const header = Buffer.alloc(16)
    header.writeUInt32LE(seconds, 0)
    header.writeUInt32LE(500_000, 4)
    header.writeUInt32LE(data.length, 8)
    return Buffer.concat([header, data])
  }
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b23c4d, 0)
  const file = Buffer.concat([header, record(7, 'abcd'), record(8, 'ef')])
  for (let cut = 0; cut <= file.length; cut++) {
    const reader = new PcapReader()
    const frames = [file.subarray(0, cut), file.subarray(cut)].flatMap(part => reader.take(part))
    const read = frames.map(({ time, bytes }) => [time, bytes.toString('hex')])
    assert.deepEqual(read, [
      [7000.5, 'abcd'],
      [8000.5, 'ef'],
    ])
  }
  assert.throws(() => new PcapReader().take(Buffer.alloc(24)), /not a capture/)
})
