import assert from 'node:assert/strict'
import { test } from 'node:test'
import { milliseconds } from '../../appliance/values/duration.ts'
import { familyOf, ipAddress } from '../../appliance/values/ip-address.ts'
import type { Advert } from '../../appliance/vrrp/advert.ts'
import { vridOf } from '../../appliance/vrrp/advert-layout.ts'
import { type AdvertPacket, parseIpv4Packet } from '../../appliance/vrrp/advert-packet.ts'
import { decodeAdvert } from '../../appliance/vrrp/decode.ts'
import { encodeAdvert, type Seal } from '../../appliance/vrrp/encode.ts'
import { type Expectations, expectationsOf } from '../../appliance/vrrp/expectations.ts'
import { type Capture, captures } from './vrrp-codec-captures.ts'
import {
  accepted,
  envelope,
  hex,
  router,
  unhex,
  unicast,
  verdict,
  witness,
} from './vrrp-codec-words.ts'

const packetOf = (capture: Capture): AdvertPacket => ({
  payload: unhex(capture.payload),
  source: ipAddress(capture.source),
  destination: ipAddress(capture.destination),
  ttl: capture.ttl,
})

const advertOf = ({ says, source }: Capture): Advert => ({
  ...says,
  family: familyOf(ipAddress(source)),
  interval: milliseconds(says.interval),
  addresses: says.addresses.map(ipAddress),
})

/** Of the router to which these adverts were sent. */
const expectationsFor = (capture: Capture): Expectations => {
  const { version, vrid, family, interval } = advertOf(capture)
  const { addresses } = capture.says
  const { authentication, destination, source, ttl } = capture
  const oneToOne = destination === '192.0.2.2' || destination === '2001:db8::2'
  const transport = oneToOne ? { transport: unicast([source], ttl) } : {}
  const config = router({
    version,
    vrid,
    family,
    interval,
    authentication,
    addresses,
    ...transport,
  })
  return expectationsOf(config, ipAddress(family === 'inet' ? '192.0.2.2' : '2001:db8::2'))
}

for (const capture of captures) {
  test(capture.name, () => {
    const packet = packetOf(capture)
    const decoded = accepted(decodeAdvert(packet, expectationsFor(capture), witness))
    assert.deepEqual(decoded.advert, advertOf(capture))
    assert.equal(decoded.checksumForm, capture.checksumForm)
    assert.deepEqual([decoded.signed, decoded.addressesDiffer], [null, false])
    assert.equal(vridOf(packet.payload), capture.says.vrid)

    const { source, destination } = packet
    const { checksumForm: checksum } = capture
    const seal = capture.authentication as Seal
    const sent = encodeAdvert(advertOf(capture), envelope({ source, destination, checksum, seal }))
    assert.equal(hex(sent), capture.payload)
  })

  const { ipHeader } = capture
  if (ipHeader !== null) {
    test(`${capture.name}, with its IP header`, () => {
      const parsed = parseIpv4Packet(unhex(ipHeader + capture.payload))
      assert.deepEqual(parsed, { kind: 'packet', packet: packetOf(capture) })
    })
  }

  test(`${capture.name}, cut off anywhere`, () => {
    const whole = packetOf(capture)
    for (let length = 0; length < whole.payload.length; length++) {
      const packet = { ...whole, payload: whole.payload.subarray(0, length) }
      const decoded = decodeAdvert(packet, expectationsFor(capture), witness)
      assert.equal(verdict(decoded), length < 8 ? 'too-short' : 'truncated', `${length} bytes`)
    }
    if (ipHeader === null) return
    const ip = unhex(ipHeader + capture.payload)
    for (let length = 0; length < ip.length; length++) {
      const parsed = parseIpv4Packet(ip.subarray(0, length))
      const reason = parsed.kind === 'rejected' ? parsed.reason : 'accepted'
      assert.equal(reason, length < 20 ? 'ip-header' : 'ip-length', `${length} bytes`)
    }
  })

  test(`${capture.name}, with any one bit changed`, () => {
    const { payload, ...path } = packetOf(capture)
    for (let bit = 0; bit < payload.length * 8; bit++) {
      const changed = Uint8Array.from(payload)
      changed[bit >> 3]! ^= 0x80 >> (bit & 7)
      const decoded = decodeAdvert({ ...path, payload: changed }, expectationsFor(capture), witness)
      assert.notEqual(verdict(decoded), 'accepted', `bit ${bit}`)
    }
  })
}
