import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import type { FenceDevice } from '../../appliance/fencing/fence-messages.ts'
import { exposition, gauge } from '../../appliance/metrics/exposition.ts'
import { mostTrackers } from '../../appliance/metrics/guard-metrics.ts'
import { keepalivedMetrics } from '../../appliance/metrics/keepalived-metrics.ts'
import { mostServers, serviceMetrics } from '../../appliance/metrics/service-metrics.ts'
import { statusMetrics } from '../../appliance/metrics/status-metrics.ts'
import type { Status } from '../../appliance/status/document.ts'
import type { PathStatus } from '../../appliance/status/guard-status.ts'
import type { RouterStatus } from '../../appliance/status/router-status.ts'
import type { ServiceTraffic } from '../../appliance/status/service-answers.ts'
import type { ServiceStatus } from '../../appliance/status/service-status.ts'
import { examplePeer, exampleStatus } from './example-status.ts'

const reader = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        print(json.dumps([family.type, sample.name, sample.labels, sample.value]))
`

type Read = readonly [type: string, name: string, labels: Record<string, string>, value: number]

/** As Prometheus' own client understands it. */
function read(text: string): readonly Read[] {
  const lines = execFileSync('/usr/bin/python3', ['-c', reader], { input: text, encoding: 'utf8' })
  return lines
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Read)
}

const valueIn = (all: readonly Read[], name: string, labels: Record<string, string> = {}) =>
  all.find(
    ([, own, has]) =>
      own === name && Object.entries(labels).every(([key, text]) => has[key] === text),
  )?.[3]

const router: RouterStatus = {
  name: 'VI_1',
  state: 'MASTER',
  since: '2026-11-22T01:00:00.000Z',
  why: 'nobody was heard',
  interface: 'lan1',
  vrid: 51,
  family: 'inet',
  version: 3,
  intervalSeconds: 0.1,
  preempt: true,
  syncGroup: null,
  priority: { effective: 90, configured: 100, explanation: '100 - 10 x = 90' },
  source: '192.0.2.11',
  master: null,
  expectsMasterInSeconds: null,
  addresses: [
    { address: '192.0.2.100/24', held: true },
    { address: '192.0.2.101/24', held: false },
  ],
  counters: {
    sent: 120,
    received: 7,
    priorityZeroSent: 1,
    priorityZeroReceived: 2,
    becameMaster: 3,
    sendFailures: 0,
    withoutPseudoHeader: 0,
    addressesDiffer: 0,
    rejected: { checksum: 4, 'too-short': 5, truncated: 6, ttl: 8 },
  },
}

const service = (name: string, servers: number): ServiceStatus => ({
  name,
  state: 'up',
  since: '2026-11-22T01:00:00.000Z',
  why: 'its quorum is there',
  at: ['tcp 192.0.2.100:80'],
  scheduler: 'rr',
  serving: 'servers',
  weight: servers,
  quorum: 1,
  servers: Array.from({ length: servers }, (_, n) => ({
    name: `web${n}`,
    address: '192.0.2.21',
    port: 80,
    forwarding: 'nat',
    state: n === 0 ? 'up' : 'down',
    since: '2026-11-22T01:00:00.000Z',
    why: 'x',
    weight: n === 0 ? 3 : null,
    explanation: '3',
    checks: [],
  })),
})

const traffic = {
  connections: 1000,
  packetsIn: 20_000,
  packetsOut: 30_000,
  bytesIn: 4_000_000,
  bytesOut: 9_007_199_254_740_991,
  connectionsPerSecond: 1,
  packetsInPerSecond: 1,
  packetsOutPerSecond: 1,
  bytesInPerSecond: 1,
  bytesOutPerSecond: 1,
}

const counted: readonly ServiceTraffic[] = [
  {
    service: 'shop',
    at: 'tcp 192.0.2.100:80',
    traffic,
    servers: [
      {
        name: 'web0',
        at: '192.0.2.21:80',
        forwarding: 'nat',
        weight: 3,
        active: 11,
        inactive: 12,
        persistent: 0,
        traffic,
      },
    ],
  },
]

test('Prometheus reads the box, its routers, services and servers', () => {
  const alarms = ['service-down', 'service-down', 'peer-away'].map(reason => {
    return { reason, message: 'x', since: '2026-11-22T01:00:00.000Z' }
  })
  const status = { ...exampleStatus, alarms, routers: [router] }
  const all = read(
    exposition([
      ...statusMetrics(status, () => 0),
      ...serviceMetrics([service('shop', 2)], counted),
    ]),
  )
  assert.equal(valueIn(all, 'diarch_alarms', { reason: 'service-down' }), 2)
  assert.equal(valueIn(all, 'diarch_alarms_all'), 3)
  assert.equal(valueIn(all, 'diarch_router_state', { router: 'VI_1', state: 'MASTER' }), 1)
  assert.equal(valueIn(all, 'diarch_router_state', { router: 'VI_1', state: 'FAULT' }), 0)
  assert.equal(valueIn(all, 'diarch_router_priority', { interface: 'lan1', vrid: '51' }), 90)
  assert.equal(valueIn(all, 'diarch_router_addresses_held'), 1)
  assert.equal(valueIn(all, 'diarch_adverts_rejected_total', { reason: 'truncated' }), 6)
  assert.equal(valueIn(all, 'diarch_service_servers_up', { service: 'shop' }), 1)
  assert.equal(valueIn(all, 'diarch_server_up', { server: 'web1' }), 0)
  assert.equal(valueIn(all, 'diarch_server_weight', { server: 'web0' }), 3)
  assert.equal(valueIn(all, 'diarch_server_connections_active', { server: 'web0' }), 11)
  assert.equal(valueIn(all, 'diarch_service_bytes_out_total'), 9_007_199_254_740_991)
  assert.equal(valueIn(all, 'diarch_servers_left_out'), 0)
  const counters = all.filter(([type]) => type === 'counter').map(([, name]) => name)
  assert.ok(counters.length > 10 && counters.every(name => name.endsWith('_total')))
})

const heard = '2026-11-22T01:00:00.000Z'
const cable: PathStatus = {
  name: 'cable',
  state: 'silent',
  since: heard,
  why: 'x',
  interface: 'port2',
  peer: '198.51.100.2',
  baud: null,
  heardAt: heard,
  counters: { sent: 90, received: 80, missing: 7, refused: { replayed: 2 } },
}
const office = { name: 'office', why: 'x', address: '192.0.2.5', port: 5405 }
const bmc: FenceDevice = {
  name: 'bmc',
  kind: 'redfish',
  box: 'bert',
  state: 'ok',
  power: 'on',
  since: heard,
  testedAt: heard,
  why: 'x',
}
const pve: FenceDevice = { ...bmc, name: 'pve', kind: 'proxmox', state: 'failing', testedAt: null }

test('how a box knows who may lead: heartbeats, witnesses, fencing, the pair, the clock', () => {
  const status: Status = {
    ...exampleStatus,
    guard: {
      policy: 'one-owner-first',
      restraint: 'no witness answers',
      restrainedSince: heard,
      peer: { state: 'silent', since: heard, why: 'x' },
      paths: [cable, { ...cable, name: 'lan', state: 'up', heardAt: null }],
      splits: [{ router: 'VI_1', since: heard, why: 'x' }],
      leases: [{ ...office, state: 'held', since: heard }],
    },
    trackers: [{ name: 'gateway', state: 'up', number: null, since: heard, why: 'x' }],
    fencing: {
      policy: 'required',
      action: 'off',
      held: null,
      heldSince: null,
      devices: [bmc, pve],
    },
    pair: { ...exampleStatus.pair, state: 'alone', peer: examplePeer },
    time: {
      ...{ zone: 'UTC', state: 'synchronised', since: heard, why: 'x', servers: [] },
      ...{ serversFrom: 'DHCP', source: '192.0.2.1', offsetMs: -1.5 },
    },
  }
  const ago = (at: string): number => (at === heard ? 12.5 : Number.NaN)
  const all = read(exposition(statusMetrics(status, ago)))
  const values: readonly (readonly [value: number | undefined, name: string, of?: object])[] = [
    [0, 'diarch_heartbeat_path_up', { path: 'cable' }],
    [1, 'diarch_heartbeat_path_up', { path: 'lan' }],
    [12.5, 'diarch_heartbeat_age_seconds', { path: 'cable' }],
    [undefined, 'diarch_heartbeat_age_seconds', { path: 'lan' }],
    [90, 'diarch_heartbeats_sent_total', { path: 'cable' }],
    [80, 'diarch_heartbeats_received_total', { path: 'cable' }],
    [7, 'diarch_heartbeats_lost_total', { path: 'cable' }],
    [2, 'diarch_heartbeats_refused_total', { path: 'cable', reason: 'replayed' }],
    [1, 'diarch_peer_heartbeats', { state: 'silent' }],
    [0, 'diarch_may_lead'],
    [1, 'diarch_split_routers'],
    [1, 'diarch_lease_state', { lease: 'office', state: 'held' }],
    [0, 'diarch_lease_state', { lease: 'office', state: 'taken' }],
    [1, 'diarch_tracker_state', { tracker: 'gateway', state: 'up' }],
    [1, 'diarch_fencing_armed'],
    [0, 'diarch_fencing_waits'],
    [1, 'diarch_fencing_device_ok', { device: 'bmc', kind: 'redfish' }],
    [0, 'diarch_fencing_device_ok', { device: 'pve', kind: 'proxmox' }],
    [12.5, 'diarch_fencing_test_age_seconds', { device: 'bmc' }],
    [undefined, 'diarch_fencing_test_age_seconds', { device: 'pve' }],
    [1, 'diarch_pair_state', { state: 'alone' }],
    [0, 'diarch_peer_connected'],
    [1, 'diarch_clock_state', { state: 'synchronised' }],
    [-0.0015, 'diarch_clock_offset_seconds'],
    [1, 'diarch_watchdog_kind', { kind: 'hardware' }],
    [0, 'diarch_configuration_trial'],
  ]
  for (const [value, name, of = {}] of values) {
    assert.equal(valueIn(all, name, of as Record<string, string>), value, name)
  }
})

test('a box with too many trackers tells of some, and that there are more', () => {
  const tracker = { state: 'down', number: null, since: heard, why: 'x' } as const
  const trackers = Array.from({ length: mostTrackers + 3 }, (_, n) => ({
    ...tracker,
    name: `t${n}`,
  }))
  const all = read(exposition(statusMetrics({ ...exampleStatus, trackers }, () => 0)))
  assert.equal(valueIn(all, 'diarch_trackers_left_out'), 3)
  const lines = all.filter(([, name]) => name === 'diarch_tracker_state')
  assert.equal(lines.length, 3 * mostTrackers)
})

test('the names of the exporter for keepalived', () => {
  const all = read(exposition(keepalivedMetrics({ ...exampleStatus, routers: [router] })))
  const own = { iname: 'VI_1', intf: 'lan1', vrid: '51' }
  const address = { ...own, ip_address: '192.0.2.101' }
  assert.equal(valueIn(all, 'keepalived_vrrp_state', address), 2)
  const labels = { ...own, state: 'MASTER' }
  assert.equal(valueIn(all, 'keepalived_advertisements_sent_total', labels), 120)
  assert.equal(valueIn(all, 'keepalived_become_master_total', labels), 3)
  assert.equal(valueIn(all, 'keepalived_release_master_total', labels), 2)
  assert.equal(valueIn(all, 'keepalived_packet_length_errors_total', labels), 11)
  assert.equal(valueIn(all, 'keepalived_ip_ttl_errors_total', labels), 8)
})

test('a box with too many servers tells of its services alone, and that it does', () => {
  const services = Array.from({ length: 3 }, (_, n) => service(`s${n}`, mostServers / 2))
  const all = read(exposition(serviceMetrics(services, counted)))
  assert.equal(valueIn(all, 'diarch_servers_left_out'), (3 * mostServers) / 2)
  assert.equal(valueIn(all, 'diarch_server_up'), undefined)
  assert.equal(valueIn(all, 'diarch_service_servers', { service: 's2' }), mostServers / 2)
})

test('what operators write into names comes out as they wrote it', () => {
  const odd = 'a "quoted" \\ name\nof two lines'
  const text = exposition([gauge('diarch_x', odd, [{ labels: { name: odd }, value: 1 }])])
  assert.equal(valueIn(read(text), 'diarch_x', { name: odd }), 1)
})
