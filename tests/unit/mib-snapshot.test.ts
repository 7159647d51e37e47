import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOf } from '../../appliance/config/parts.ts'
import { snapshotOf } from '../../appliance/mib/snapshot-of.ts'
import type { RouterStatus } from '../../appliance/status/router-status.ts'
import type { ServiceStatus } from '../../appliance/status/service-status.ts'
import { accepted, pair } from './config/pair.ts'

const since = '2026-11-22T05:00:00.000Z'
const secret = 'a secret that nobody is told of.'

const parts = partsOf(
  accepted(
    pair({
      router: {
        accept: false,
        virtualAddresses: ['192.0.2.100/24'],
        authentication: { hmac: { keys: [{ id: 1, secret }] } },
      },
      cluster: {
        services: {
          shop: {
            virtual: ['192.0.2.100:80', '192.0.2.100:443'],
            servers: { one: '198.51.100.11:80' },
            sorryServer: '198.51.100.99:80',
          },
        },
      },
    }),
  ),
)

const [config] = parts.routers.routers
assert.ok(config)

const router: RouterStatus = {
  name: config.name,
  state: 'MASTER',
  since,
  why: 'no sentence of this goes out',
  interface: config.interface,
  vrid: config.vrid,
  family: 'inet',
  version: 3,
  intervalSeconds: 1,
  preempt: true,
  syncGroup: null,
  priority: { effective: 100, configured: 100, explanation: '100' },
  source: '192.0.2.11',
  master: null,
  expectsMasterInSeconds: null,
  addresses: [{ address: '192.0.2.100/24', held: true }],
  counters: {
    sent: 1,
    received: 0,
    priorityZeroSent: 0,
    priorityZeroReceived: 0,
    becameMaster: 1,
    sendFailures: 0,
    withoutPseudoHeader: 0,
    addressesDiffer: 0,
    rejected: {},
  },
}

const service: ServiceStatus = {
  name: 'shop',
  state: 'up',
  since,
  why: '',
  at: [],
  scheduler: 'wlc',
  serving: 'servers',
  weight: 1,
  quorum: 1,
  servers: [
    {
      name: 'one',
      address: '198.51.100.11',
      port: 0,
      forwarding: 'nat',
      state: 'up',
      since,
      why: '',
      weight: 1,
      explanation: '1',
      checks: [],
    },
  ],
}

const traffic = {
  connections: 1,
  packetsIn: 2,
  packetsOut: 3,
  bytesIn: 4,
  bytesOut: 5,
  connectionsPerSecond: 6,
  packetsInPerSecond: 7,
  packetsOutPerSecond: 8,
  bytesInPerSecond: 9,
  bytesOutPerSecond: 10,
}

const one = { name: 'one', at: '', forwarding: 'nat', weight: 1, persistent: 0, traffic } as const

test('two addresses of a service count together; no secret and no sentence goes out', () => {
  const snapshot = snapshotOf({
    version: '1',
    hostname: 'one',
    routers: [router],
    trackers: [],
    services: [service],
    traffic: [
      { service: 'shop', at: 'a', traffic, servers: [{ ...one, active: 1, inactive: 2 }] },
      { service: 'shop', at: 'b', traffic, servers: [{ ...one, active: 3, inactive: 4 }] },
      { service: 'shop', at: 'c', traffic: null, servers: [] },
    ],
    configured: {
      routers: parts.routers.routers,
      director: parts.director,
      closed: parts.network.vrrpGuard?.closed ?? [],
    },
  })
  const [shop] = snapshot.services
  assert.deepEqual([shop?.traffic?.connections, shop?.traffic?.bytesOutPerSecond], [2, 20])
  const [server, sorry] = shop?.servers ?? []
  assert.deepEqual([server?.active, server?.inactive, server?.traffic?.packetsIn], [4, 6, 4])
  assert.deepEqual([sorry?.isSorry, sorry?.weight, sorry?.traffic], [true, 0, null])
  assert.equal(shop?.at.length, 2)
  const [seen] = snapshot.routers
  assert.deepEqual(
    [seen?.accept, seen?.authentication, seen?.addresses[0]?.interface],
    [...[false, 'hmac', config.interface]],
  )
  assert.doesNotMatch(JSON.stringify(snapshot), /secret|sentence/)
})
