import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routerConfigs } from '../../appliance/config/router-configs.ts'
import type { RouterConfig } from '../../appliance/vrrp/router-config.ts'
import { accepted, least, pair } from './config/pair.ts'

type Parts = Parameters<typeof pair>[0]

function first(parts: Parts): RouterConfig {
  const [router] = routerConfigs(accepted(pair(parts)))
  assert.ok(router !== undefined)
  return router
}

test('all defaults of a router', () => {
  assert.deepEqual(first({}), {
    name: 'VI_1',
    interface: 'eth0',
    vrid: 51,
    version: 3,
    family: 'inet',
    priority: 100,
    interval: 100,
    downAfter: 3,
    preempt: true,
    preemptDelay: 0,
    startDelay: 0,
    handover: 'at-once',
    transport: { kind: 'multicast', group: '224.0.0.18' },
    source: null,
    authentication: { kind: 'none' },
    checksum: 'with-pseudo-header',
    addresses: [
      {
        prefix: { address: '192.0.2.100', length: 24 },
        interface: null,
        label: null,
        scope: 'global',
        advertised: true,
      },
    ],
    routes: [],
    rules: [],
    announcing: { repeat: 5, delay: 5000, refresh: 60_000, spacing: 0 },
    tracks: [],
    syncGroup: null,
    virtualMac: false,
    secondPaths: [],
  })
})

test('nothing of a router is lost', () => {
  const router = {
    interface: 'eth1',
    virtualRouterId: 7,
    version: 2,
    family: 'inet',
    priority: 200,
    advertInterval: '2s',
    downAfter: 5,
    preempt: false,
    preemptDelay: '10s',
    startDelay: '20s',
    handover: 'after-skew',
    multicastGroup: '224.0.0.99',
    source: '192.0.2.7',
    authentication: { password: 'secret' },
    checksum: 'without-pseudo-header',
    virtualAddresses: [
      {
        address: '192.0.2.1',
        interface: 'eth2',
        label: 'eth2:1',
        scope: 'host',
        advertised: false,
      },
      '198.51.100.1/24',
    ],
    virtualRoutes: [
      { destination: 'default', gateway: '192.0.2.254' },
      {
        destination: '203.0.113.0/24',
        gateway: '192.0.2.253',
        interface: 'eth3',
        source: '192.0.2.8',
        table: 100,
        metric: 50,
      },
    ],
    virtualRules: [
      { from: '10.0.0.0/8', to: '192.0.2.0/24', mark: 9, table: 100, preference: 1000 },
      { mark: 1, table: 101, preference: 1001 },
    ],
    announce: { repeat: 2, delay: '1s', refresh: null, spacing: '5ms' },
    track: [{ tracker: 'it' }, { tracker: 'that', weight: -30, reverse: true }],
    virtualMac: true,
    secondPaths: ['eth8', 'eth9'],
  }
  const command = ['/bin/true']
  const cluster = {
    trackers: { it: { kind: 'script', command }, that: { kind: 'script', command } },
  }
  assert.deepEqual(first({ router, cluster }), {
    name: 'VI_1',
    interface: 'eth1',
    vrid: 7,
    version: 2,
    family: 'inet',
    priority: 200,
    interval: 2000,
    downAfter: 5,
    preempt: false,
    preemptDelay: 10_000,
    startDelay: 20_000,
    handover: 'after-skew',
    transport: { kind: 'multicast', group: '224.0.0.99' },
    source: '192.0.2.7',
    authentication: { kind: 'password', password: 'secret' },
    checksum: 'without-pseudo-header',
    addresses: [
      {
        prefix: { address: '192.0.2.1', length: 32 },
        interface: 'eth2',
        label: 'eth2:1',
        scope: 'host',
        advertised: false,
      },
      {
        prefix: { address: '198.51.100.1', length: 24 },
        interface: null,
        label: null,
        scope: 'global',
        advertised: true,
      },
    ],
    routes: [
      {
        destination: null,
        gateway: '192.0.2.254',
        interface: null,
        source: null,
        table: 254,
        metric: null,
      },
      {
        destination: { address: '203.0.113.0', length: 24 },
        gateway: '192.0.2.253',
        interface: 'eth3',
        source: '192.0.2.8',
        table: 100,
        metric: 50,
      },
    ],
    rules: [
      {
        from: { address: '10.0.0.0', length: 8 },
        to: { address: '192.0.2.0', length: 24 },
        mark: 9,
        table: 100,
        preference: 1000,
      },
      { from: null, to: null, mark: 1, table: 101, preference: 1001 },
    ],
    announcing: { repeat: 2, delay: 1000, refresh: null, spacing: 5 },
    tracks: [
      { tracker: 'it', weight: null, reverse: false },
      { tracker: 'that', weight: -30, reverse: true },
    ],
    syncGroup: null,
    virtualMac: true,
    secondPaths: ['eth8', 'eth9'],
  })
})

test('the half of this box comes first', () => {
  const router = {
    priority: 90,
    source: '192.0.2.1',
    unicast: { peers: ['192.0.2.9'], ttl: 64, leastTtl: 60 },
  }
  const own = {
    priority: 150,
    interface: 'ens3',
    source: '192.0.2.2',
    unicast: { peers: ['192.0.2.8', '192.0.2.7'] },
  }
  const here = first({ router, node: { routers: { VI_1: own } } })
  assert.equal(here.priority, 150)
  assert.equal(here.interface, 'ens3')
  assert.equal(here.source, '192.0.2.2')
  const peers = ['192.0.2.8', '192.0.2.7']
  assert.deepEqual(here.transport, { kind: 'unicast', peers, ttl: 64, leastTtl: 60 })

  const there = first({ router })
  assert.equal(there.priority, 90)
  assert.equal(there.source, '192.0.2.1')
  const transport = { kind: 'unicast', peers: ['192.0.2.9'], ttl: 64, leastTtl: 60 }
  assert.deepEqual(there.transport, transport)
})

test('version 2 has an interval of a second by itself', () => {
  assert.equal(first({ router: { version: 2 } }).interval, 1000)
})

test('the family is that of the first advertised address', () => {
  const family = (...virtualAddresses: unknown[]) => first({ router: { virtualAddresses } }).family
  assert.equal(family('2001:db8::1/64'), 'inet6')
  assert.equal(family({ address: '2001:db8::1/64', advertised: false }, '192.0.2.1/24'), 'inet')
  assert.equal(family({ address: '2001:db8::1/64', advertised: false }), 'inet6')
  assert.equal(family(), 'inet')
  assert.equal(first({ router: { virtualAddresses: [], family: 'inet6' } }).family, 'inet6')
})

test('IPv6 has its own group, and link scope for link-local addresses', () => {
  const router = first({ router: { virtualAddresses: ['fe80::1/64', '2001:db8::1/64'] } })
  assert.deepEqual(router.transport, { kind: 'multicast', group: 'ff02::12' })
  assert.deepEqual(
    router.addresses.map(({ scope }) => scope),
    ['link', 'global'],
  )
})

test('HMAC: the first key signs, and the window follows the interval', () => {
  const hex = '00112233445566778899aabbccddeeff'
  const hmac = {
    keys: [
      { id: 9, secret: `hex:${hex}${hex}` },
      { id: 4, secret: 'é'.repeat(16) },
    ],
  }
  const { authentication } = first({ router: { authentication: { hmac } } })
  assert.deepEqual(authentication, {
    kind: 'hmac',
    keys: [
      { id: 9, secret: Uint8Array.from(Buffer.from(hex + hex, 'hex')) },
      { id: 4, secret: Uint8Array.from(Buffer.from('é'.repeat(16))) },
    ],
    activeKey: 9,
    mode: 'enforce',
    window: 5000,
  })
  const slow = first({ router: { authentication: { hmac }, advertInterval: '10s' } }).authentication
  assert.equal(slow.kind === 'hmac' && slow.window, 30_000)
  const said = { ...hmac, activeKey: 4, mode: 'permissive', window: '7s' }
  const other = first({ router: { authentication: { hmac: said } } }).authentication
  assert.ok(other.kind === 'hmac')
  assert.deepEqual([other.activeKey, other.mode, other.window], [4, 'permissive', 7000])
})

test('routers keep their order and know their sync group', () => {
  const other = { ...least, virtualAddresses: [] }
  const document = pair({
    routers: {
      alone: { ...other, virtualRouterId: 1 },
      VI_2: { ...other, virtualRouterId: 2 },
    },
    cluster: { syncGroups: { G: { routers: ['VI_2', 'VI_1'] } } },
  })
  assert.deepEqual(
    routerConfigs(accepted(document)).map(({ name, syncGroup }) => [name, syncGroup]),
    [
      ['VI_1', 'G'],
      ['alone', null],
      ['VI_2', 'G'],
    ],
  )
})

test('a router may be called as every object is by birth', () => {
  const document = pair({
    routers: { constructor: { ...least, virtualRouterId: 1, virtualAddresses: [] } },
  })
  const names = routerConfigs(accepted(document)).map(({ name, priority }) => [name, priority])
  assert.deepEqual(names, [
    ['VI_1', 100],
    ['constructor', 100],
  ])
})
