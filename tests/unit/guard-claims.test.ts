import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Claim } from '../../appliance/guard/claim-watch.ts'
import type { Heartbeat, SaidRouter } from '../../appliance/guard/heartbeat.ts'
import { encodeHeartbeat } from '../../appliance/guard/heartbeat-codec.ts'
import { instant, milliseconds } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import { guarded, heartbeat, hmac, said, secret } from './guard-words.ts'
import { router } from './vrrp-ensemble-words.ts'

const t = instant
const peer = ipAddress('192.0.2.20')
const stranger = ipAddress('192.0.2.66')
const backup = { ...said, state: 'backup', owns: false, priority: 100 } as const

/** A box whose other box says something of itself, and what a stranger can say to it. */
const beside = (change: Partial<RouterConfig> = {}) => {
  const { guard, ensemble, disbelieved } = guarded()
  let sequence = heartbeat.sequence
  ensemble.feed({ input: 'Configured', routers: [router(change)], now: t(0) })
  const claimed = (priority: number, source: typeof peer, at: number, more = {}): Claim => {
    const { version, family, vrid, interval } = router()
    const advert = { version, family, vrid, priority, interval, addresses: [] }
    const known = { input: 'AdvertReceived', router: 'web', secondPath: false } as const
    return { ...known, advert, source, now: t(at), ...more }
  }
  return {
    guard,
    ensemble,
    disbelieved,
    claimed,
    says: (word: SaidRouter, at: number, how: Partial<Heartbeat> = {}) => {
      const beat = { ...heartbeat, ...how, sequence, routers: [word] }
      const bytes = encodeHeartbeat(beat, secret, hmac)
      sequence += 1
      return guard.hear('beside', bytes, t(at)).map(input => input.input)
    },
    takes: (claim: Claim, isSigned = false): boolean => {
      const member = ensemble.member('web')
      assert.ok(member)
      return guard.takes(claim, member, isSigned)
    },
    reasons: () => disbelieved.map(({ reason, times }) => `${reason} ${times}`),
  }
}

test('without heartbeats an advert is believed, and again when they have ended', () => {
  const { says, takes, claimed, reasons } = beside()
  assert.equal(takes(claimed(255, stranger, 900)), true)
  says(said, 1000)
  assert.equal(takes(claimed(255, stranger, 1349)), false)
  assert.equal(takes(claimed(255, stranger, 1351)), true)
  assert.deepEqual(reasons(), ['third-speaker 1'])
})

test('who leads cannot be released by others, and signed adverts are not asked', () => {
  const { says, takes, claimed } = beside()
  says(said, 1000)
  assert.equal(takes(claimed(150, peer, 1010)), true)
  assert.equal(takes(claimed(0, peer, 1020)), false)
  assert.equal(takes(claimed(0, peer, 1020), true), true)
  assert.equal(takes(claimed(0, stranger, 1030)), false)
  assert.equal(takes(claimed(0, stranger, 1030, { secondPath: true })), true)
})

test('what heartbeats say otherwise for an interval was a lie, and is counted then', () => {
  const { says, takes, claimed, reasons, disbelieved } = beside()
  says(said, 1000)
  for (const at of [1050, 1060, 1070]) assert.equal(takes(claimed(0, peer, at)), false)
  // It may have been sent before the release.
  assert.deepEqual(says(said, 1100), ['PeerSaid'])
  assert.deepEqual(reasons(), [])
  assert.deepEqual(says(said, 1200), ['PeerSaid'])
  assert.deepEqual(reasons(), ['contradicted 3'])
  assert.equal(disbelieved[0]?.source, peer)
})

test('a claim that runs ahead of its heartbeat is heard with it, and is no lie', () => {
  const { says, takes, claimed, reasons } = beside()
  says(backup, 1000)
  assert.equal(takes(claimed(100, peer, 1050)), false)
  const leads = { ...backup, state: 'master', owns: true } as const
  assert.deepEqual(says(leads, 1052), ['AdvertReceived', 'PeerSaid'])
  assert.equal(takes(claimed(100, peer, 1150)), true)
  assert.equal(takes(claimed(0, peer, 1160)), false)
  assert.deepEqual(says(backup, 1161), ['AdvertReceived', 'PeerSaid'])
  assert.deepEqual(reasons(), [])
})

test('what somebody forged is not heard in the place of what came true, nor what is old', () => {
  const { says, takes, claimed } = beside()
  says(backup, 1000)
  assert.equal(takes(claimed(255, peer, 1050)), false)
  assert.deepEqual(says({ ...backup, state: 'master', owns: true }, 1052), ['PeerSaid'])
  assert.equal(takes(claimed(0, peer, 1100)), false)
  assert.deepEqual(says(backup, 9000), ['PeerSaid'])
})

test('a third one that leads where nobody of the pair does is respected', () => {
  const { says, takes, claimed, guard, ensemble, reasons } = beside()
  says(backup, 1000)
  assert.equal(takes(claimed(200, stranger, 1010)), true)
  const now = ensemble.wakeAt()
  assert.ok(now !== null)
  ensemble.feed({ input: 'TimerDue', now })
  assert.equal(ensemble.member('web')?.state.kind, 'master')
  guard.heartbeats(now)
  // It hands over: nobody comes between the two.
  ensemble.feed({ input: 'FailoverRequested', router: null, now })
  says(backup, now + 50)
  assert.equal(takes(claimed(200, stranger, now + 60)), false)
  says(backup, now + 10_000)
  assert.equal(takes(claimed(200, stranger, now + 10_001)), true)
  assert.deepEqual(reasons(), ['third-speaker 1'])
})

test('three boxes say so by their handover, and unicast peers by their list', () => {
  const three = beside({ handover: 'after-skew' })
  three.says(said, 1000)
  assert.equal(three.takes(three.claimed(255, stranger, 1010)), true)
  const transport = { kind: 'unicast', peers: [stranger], leastTtl: 255, ttl: 255 } as const
  const routed = beside({ transport })
  routed.says(said, 1000)
  assert.equal(routed.takes(routed.claimed(150, stranger, 1010)), true)
})

test('a unicast peer that has no heartbeats is none of the pair, and is believed', () => {
  const unicast = { kind: 'unicast', leastTtl: 255, ttl: 255 } as const
  const three = beside({ transport: { ...unicast, peers: [peer, stranger] } })
  three.says(backup, 1000)
  assert.equal(three.takes(three.claimed(200, stranger, 1010)), true)
  assert.equal(three.takes(three.claimed(200, peer, 1020)), false)
  three.says({ ...backup, address: null }, 1100)
  assert.equal(three.takes(three.claimed(200, peer, 1110)), true)
  const two = beside({ transport: { ...unicast, peers: [peer] } })
  two.says({ ...backup, state: 'fault', address: null }, 1000)
  assert.equal(two.takes(two.claimed(200, peer, 1010)), false)
})

test('who hears no heartbeat any more believes the new master before it would lead itself', () => {
  const { says, takes, claimed, reasons } = beside()
  says(backup, 1000, { missed: 100 })
  assert.equal(takes(claimed(100, peer, 1050)), false)
  assert.equal(takes(claimed(100, peer, 1249)), false)
  assert.equal(takes(claimed(100, peer, 1251)), true)
  // Of a third one nobody has to hear.
  says({ ...backup, state: 'master', owns: true }, 2000, { missed: 100 })
  assert.equal(takes(claimed(255, stranger, 9000)), false)
  assert.deepEqual(reasons(), ['third-speaker 1'])
})

test('heartbeats slower than adverts contradict no advert of their own box', () => {
  const { says, takes, claimed, reasons } = beside()
  const slow = { interval: milliseconds(300) }
  says(backup, 1000, slow)
  assert.equal(takes(claimed(100, peer, 1001)), true)
  says(said, 1300, slow)
  assert.equal(takes(claimed(0, peer, 1301)), true)
  assert.equal(takes(claimed(255, stranger, 2000)), false)
  // Over a slow line beside the others: what those have said still counts.
  says(said, 3000)
  says(said, 3100, slow)
  assert.equal(takes(claimed(0, peer, 3249)), false)
  assert.equal(takes(claimed(0, peer, 3251)), true)
  says(said, 4000)
  says(backup, 4050, slow)
  assert.equal(takes(claimed(100, peer, 4060)), true)
  assert.deepEqual(reasons(), ['third-speaker 1'])
})

test('what waited when heartbeats ended makes no lie of the handover after it', () => {
  const { says, takes, claimed, reasons } = beside()
  says(backup, 1000)
  assert.equal(takes(claimed(100, peer, 1050)), false)
  // The router was in no document meanwhile.
  says(backup, 9000)
  assert.equal(takes(claimed(100, peer, 9050)), false)
  says(backup, 9051)
  assert.deepEqual(reasons(), [])
  const leads = { ...backup, state: 'master', owns: true } as const
  assert.deepEqual(says(leads, 9052), ['AdvertReceived', 'PeerSaid'])
})

test('who ends, or stood still, is believed by its adverts', () => {
  const { says, takes, claimed, guard } = beside()
  says(backup, 1000)
  assert.equal(takes(claimed(255, peer, 1010)), false)
  says({ ...said, state: 'initialize', owns: false }, 1050)
  assert.equal(takes(claimed(255, peer, 1060)), true)
  says(backup, 1100)
  guard.claims.forget()
  assert.equal(takes(claimed(255, peer, 1110)), true)
})
