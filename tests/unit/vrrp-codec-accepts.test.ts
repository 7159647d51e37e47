import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { parseIpv4Packet } from '../../appliance/vrrp/advert-packet.ts'
import { type Accepted, decodeAdvert } from '../../appliance/vrrp/decode.ts'
import { expectationsOf } from '../../appliance/vrrp/expectations.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import { type Draft, draftFor, ipv4PacketOf, payloadOf } from './vrrp-codec-drafts.ts'
import { routers } from './vrrp-codec-rungs.ts'
import { accepted, router, self, signedBy, unhex, verdict, witness } from './vrrp-codec-words.ts'

const take = (config: RouterConfig, change: (draft: Draft) => void = () => {}): Accepted => {
  const draft = draftFor(config)
  change(draft)
  const { ttl } = draft
  const source = ipAddress(draft.source)
  const destination = ipAddress(draft.destination)
  const packet = { payload: payloadOf(draft), source, destination, ttl }
  return accepted(decodeAdvert(packet, expectationsOf(config, self[config.family]), witness))
}

test('accepts/every priority', () => {
  for (let priority = 0; priority <= 255; priority++) {
    const { advert } = take(routers.v3, draft => {
      draft.priority = priority
    })
    assert.equal(advert.priority, priority)
  }
})

test('accepts/a TTL that the kernel has checked', () => {
  const set = (ttl: number | null) => (draft: Draft) => {
    draft.ttl = ttl
  }
  take(routers.v3, set(null))
  take(routers.v6, set(null))
  take(routers.v3Unicast, set(64))
  take(routers.v3Unicast, set(255))
})

test('accepts/the checksum of v3 over IPv4 in both forms', () => {
  for (const withPseudoHeader of [true, false]) {
    const { checksumForm } = take(routers.v3, draft => {
      draft.withPseudoHeader = withPseudoHeader
    })
    assert.equal(checksumForm, withPseudoHeader ? 'with-pseudo-header' : 'without-pseudo-header')
  }
  assert.equal(take(routers.v6).checksumForm, 'with-pseudo-header')
  assert.equal(take(routers.v2).checksumForm, 'without-pseudo-header')
})

test('accepts/v3 reserved bits in use', () => {
  const { advert } = take(routers.v3, draft => {
    draft.timing = [0xf0, 10]
  })
  assert.equal(advert.interval, 100)
})

test('accepts/authentication data without an authentication type', () => {
  take(routers.v2, draft => {
    draft.password = Buffer.from('whatever').toString('hex')
  })
})

test('accepts/another interval of v3, and tells it', () => {
  for (const hundredths of [1, 9, 11, 100]) {
    const { advert } = take(routers.v3, draft => {
      draft.timing = [0, hundredths]
    })
    assert.equal(advert.interval, hundredths * 10)
  }
})

test('accepts/an interval from a tenth of ours to ten times ours', () => {
  const config = router({ interval: seconds(1) })
  const at = (hundredths: number) => {
    const draft = draftFor(config)
    draft.timing = [hundredths >> 8, hundredths & 0xff]
    const packet = {
      payload: payloadOf(draft),
      source: ipAddress(draft.source),
      destination: ipAddress(draft.destination),
      ttl: 255,
    }
    return verdict(decodeAdvert(packet, expectationsOf(config, self.inet), witness))
  }
  assert.deepEqual([at(9), at(10)], ['interval-implausible', 'accepted'])
  assert.deepEqual([at(1000), at(1001)], ['accepted', 'interval-implausible'])
})

test('accepts/other addresses than ours, and tells that they differ', () => {
  const config = router({ addresses: ['192.0.2.100', '192.0.2.101'] })
  const told = (...addresses: string[]) => {
    const decoded = take(config, draft => {
      draft.addresses = addresses
    })
    assert.deepEqual(decoded.advert.addresses, addresses)
    return decoded.addressesDiffer
  }
  assert.equal(told('192.0.2.100', '192.0.2.101'), false)
  assert.equal(told('192.0.2.101', '192.0.2.100'), false)
  assert.equal(told('192.0.2.100'), true)
  assert.equal(told('192.0.2.100', '192.0.2.102'), true)
  assert.equal(told('192.0.2.100', '192.0.2.101', '192.0.2.102'), true)
  assert.equal(told('192.0.2.100', '192.0.2.100'), true)
})

test('accepts/a first IPv6 address that is not link-local', () => {
  const { advert, addressesDiffer } = take(routers.v6, draft => {
    draft.addresses = ['2001:db8::100']
  })
  assert.deepEqual(advert.addresses, ['2001:db8::100'])
  assert.equal(addressesDiffer, true)
})

test('accepts/our own list of addresses without making another', () => {
  const expected = expectationsOf(routers.v3, self.inet)
  const parsed = parseIpv4Packet(ipv4PacketOf(draftFor(routers.v3)))
  assert.ok(parsed.kind === 'packet')
  const decoded = accepted(decodeAdvert(parsed.packet, expected, witness))
  assert.equal(decoded.advert.addresses, expected.addresses)
})

test('accepts/addresses that are not advertised are not expected', () => {
  const config = router({ addresses: ['192.0.2.100', '192.0.2.101'] })
  const [first, second] = config.addresses
  const partly = { ...config, addresses: [first!, { ...second!, advertised: false }] }
  const { advert, addressesDiffer } = take(partly, draft => {
    draft.addresses = ['192.0.2.100']
  })
  assert.deepEqual([advert.addresses.length, addressesDiffer], [1, false])
})

test('accepts/IP options', () => {
  const draft = draftFor(routers.v3)
  draft.ip.options = '94040000' // router alert
  const parsed = parseIpv4Packet(ipv4PacketOf(draft))
  assert.ok(parsed.kind === 'packet')
  assert.deepEqual(parsed.packet.payload, payloadOf(draft))
})

test('accepts/padding behind the packet, up to the least that a frame carries', () => {
  const packet = ipv4PacketOf(draftFor(routers.v3)) // 32 bytes
  const padded = (bytes: number) =>
    parseIpv4Packet(Uint8Array.from([...packet, ...Array<number>(bytes).fill(0xff)]))
  for (const bytes of [2, 10, 14]) {
    const parsed = padded(bytes)
    assert.ok(parsed.kind === 'packet', `${bytes} bytes of padding`)
    assert.equal(parsed.packet.payload.length, 12)
  }
  const parsed = padded(15)
  assert.ok(parsed.kind === 'rejected' && parsed.reason === 'ip-length')
})

test('accepts/padding that the sender counted in, as far as a frame is padded', () => {
  for (const config of [routers.v3, routers.v2]) {
    const room = 26 - payloadOf(draftFor(config)).length
    take(config, draft => {
      draft.tail = 'ff'.repeat(room)
    })
    const draft = draftFor(config)
    draft.tail = '00'.repeat(room + 1)
    const packet = {
      payload: payloadOf(draft),
      source: ipAddress(draft.source),
      destination: ipAddress(draft.destination),
      ttl: 255,
    }
    const decoded = decodeAdvert(packet, expectationsOf(config, self.inet), witness)
    assert.equal(verdict(decoded), 'too-long')
  }
})

test('accepts/a signature on v2 behind the authentication data', () => {
  const authentication = signedBy('enforce')
  const config = { ...routers.v2, authentication }
  const { signed } = take(config)
  assert.deepEqual(signed, { key: 1, skew: 0 })
})

test('accepts/from anybody as long as we have no address ourselves', () => {
  const { payload } = { payload: payloadOf(draftFor(routers.v3)) }
  const [source, destination] = [ipAddress('192.0.2.1'), ipAddress('224.0.0.18')]
  const expected = expectationsOf(routers.v3, null)
  accepted(decodeAdvert({ payload, source, destination, ttl: 255 }, expected, witness))
})

test('a packet of the other family is refused, not a crash', () => {
  const payload = unhex('31336401000a0000c0000264')
  const [source, destination] = [ipAddress('fe80::1'), ipAddress('224.0.0.18')]
  const expected = expectationsOf(routers.v3, self.inet)
  const decoded = decodeAdvert({ payload, source, destination, ttl: 255 }, expected, witness)
  assert.equal(decoded.kind, 'rejected')
})
