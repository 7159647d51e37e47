import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { parseIpv4Packet } from '../../appliance/vrrp/advert-packet.ts'
import { decodeAdvert } from '../../appliance/vrrp/decode.ts'
import { expectationsOf } from '../../appliance/vrrp/expectations.ts'
import { ladder, type RejectionReason } from '../../appliance/vrrp/rejection.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import { type Draft, draftFor, ipv4PacketOf, payloadOf } from './vrrp-codec-drafts.ts'
import { type RouterName, routers, rungs } from './vrrp-codec-rungs.ts'
import { self, verdict, witness } from './vrrp-codec-words.ts'

/** As the shell does: IPv4 with its header, IPv6 without. */
const receive = (draft: Draft, router: RouterConfig) => {
  const expected = expectationsOf(router, self[router.family])
  if (router.family === 'inet') {
    const parsed = parseIpv4Packet(ipv4PacketOf(draft))
    return parsed.kind === 'rejected' ? parsed : decodeAdvert(parsed.packet, expected, witness)
  }
  const source = ipAddress(draft.source)
  const destination = ipAddress(draft.destination)
  const packet = { payload: payloadOf(draft), source, destination, ttl: draft.ttl }
  return decodeAdvert(packet, expected, witness)
}

const reasonsInOrder = Object.keys(ladder) as RejectionReason[]
const heightOf = (reason: RejectionReason): number => reasonsInOrder.indexOf(reason)

for (const [name, router] of Object.entries(routers)) {
  test(`an advert for the router ${name} passes every rung`, () => {
    assert.equal(verdict(receive(draftFor(router), router)), 'accepted')
  })
}

for (const rung of rungs) {
  test(rung.name, () => {
    for (const name of rung.routers) {
      const draft = draftFor(routers[name])
      rung.spoil(draft)
      assert.equal(verdict(receive(draft, routers[name])), rung.reason, name)
    }
  })
}

test('of two things that are wrong, the lower rung names the reason', () => {
  for (const name of Object.keys(routers) as RouterName[]) {
    const here = rungs.filter(rung => rung.routers.includes(name))
    for (const lower of here) {
      for (const higher of here.filter(({ reason }) => heightOf(reason) > heightOf(lower.reason))) {
        const draft = draftFor(routers[name])
        higher.spoil(draft)
        lower.spoil(draft)
        const both = `${name}: ${lower.name}, ${higher.name}`
        assert.equal(verdict(receive(draft, routers[name])), lower.reason, both)
      }
    }
  }
})

test('every rung is tried', () => {
  const tried = new Set(rungs.map(({ reason }) => reason))
  const others = reasonsInOrder.filter(reason => !tried.has(reason))
  // vrrp-codec-hmac.test.ts tries it: one advert alone cannot be a replay.
  assert.deepEqual(others, ['hmac-replayed'])
})

test('a refusal says what was found', () => {
  for (const rung of rungs) {
    for (const name of rung.routers) {
      const draft = draftFor(routers[name])
      rung.spoil(draft)
      const decoded = receive(draft, routers[name])
      assert.ok(decoded.kind === 'rejected' && decoded.detail.length > 5, rung.name)
    }
  }
})
