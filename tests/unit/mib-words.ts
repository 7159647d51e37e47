import type { Snapshot } from '../../appliance/mib/snapshot.ts'
import { type AgentFacts, noPackets } from '../../appliance/mib/system-objects.ts'

const counters = {
  sent: 5,
  received: 7,
  priorityZeroSent: 1,
  priorityZeroReceived: 2,
  becameMaster: 3,
  sendFailures: 0,
  withoutPseudoHeader: 0,
  addressesDiffer: 4,
  rejected: { ttl: 6, checksum: 8, 'interval-zero': 1, 'interval-mismatch': 2 },
}

const router = {
  name: 'VI_1',
  state: 'MASTER',
  interface: 'lan',
  vrid: 51,
  family: 'inet',
  version: 3,
  intervalSeconds: 0.25,
  preempt: false,
  accept: true,
  preemptDelaySeconds: 30,
  announceDelaySeconds: 5,
  authentication: 'hmac',
  group: '224.0.0.18',
  syncGroup: 'both',
  priority: { effective: 70, configured: 100 },
  source: '192.0.2.11',
  master: null,
  addresses: [
    {
      address: '192.0.2.100/24',
      interface: 'lan',
      scope: 'global',
      held: true,
      advertised: true,
    },
    {
      address: '2001:db8::7/64',
      interface: 'wan',
      scope: 'link',
      held: false,
      advertised: false,
    },
  ],
  counters,
} as const

const six = {
  ...router,
  name: 'VI_6',
  state: 'BACKUP',
  family: 'inet6',
  vrid: 7,
  preempt: true,
  accept: false,
  authentication: 'password',
  group: null,
  source: 'fe80::11',
  master: 'fe80::12',
  addresses: [{ ...router.addresses[0], address: '2001:db8::100/64', held: false }],
} as const

const traffic = {
  connections: 2 ** 32 + 5,
  packetsIn: 2 ** 32 + 6,
  packetsOut: 12,
  bytesIn: 2 ** 40,
  bytesOut: 14,
  connectionsPerSecond: 15,
  packetsInPerSecond: 16,
  packetsOutPerSecond: 17,
  bytesInPerSecond: 2 ** 33 + 18,
  bytesOutPerSecond: 19,
}

const server = {
  name: 'a',
  isSorry: false,
  address: '198.51.100.11',
  port: 8080,
  forwarding: 'direct',
  state: 'up',
  weight: 100,
  upper: 0,
  lower: 0,
  inhibit: true,
  active: 3,
  inactive: 4,
  persistent: 5,
  traffic,
} as const

const web = {
  name: 'web',
  at: [{ kind: 'address', protocol: 'tcp', address: '192.0.2.100', port: 80 }],
  scheduler: 'wlc',
  persistence: { seconds: 300 },
  onePacket: false,
  up: true,
  quorum: 1,
  hysteresis: 2,
  traffic,
  servers: [
    server,
    { ...server, name: 'b', state: 'down', inhibit: false, traffic: null },
    { ...server, name: 'sorry server', isSorry: true, weight: 0 },
  ],
} as const

export const snapshot: Snapshot = {
  version: '1.2.3',
  hostname: 'one',
  routers: [router, six, { ...router, name: 'VI_2', vrid: 52, version: 2, state: 'FAULT' }],
  trackers: [
    { name: 'nginx', state: 'up' },
    { name: 'gateway', state: 'down' },
  ],
  services: [
    web,
    { ...web, name: 'marked', at: [{ kind: 'mark', mark: 7 }], scheduler: 'own', servers: [] },
    {
      ...web,
      name: 'many',
      at: [web.at[0], { kind: 'address', protocol: 'udp', address: '2001:db8::1', port: 53 }],
      up: false,
      persistence: null,
      traffic: null,
    },
  ],
}

export const agent: AgentFacts = {
  contact: 'ada@example.org',
  location: 'rack 7',
  engineId: Uint8Array.of(0x80, 0, 0x25, 0x72, 5, 1, 2, 3),
  boots: 4,
  upSeconds: () => 90,
  counters: noPackets(),
  mostBytes: 1452,
}

/** `lan` is known to the kernel, and no other. */
export const interfaceIndex = (name: string): number | null => (name === 'lan' ? 3 : null)

/** A box of the size that the agent has to be fast for. */
export const large = (services: number, servers: number): Snapshot => ({
  ...snapshot,
  services: Array.from({ length: services }, (_, number) => ({
    ...web,
    name: `shop-${number}`,
    servers: Array.from({ length: servers }, (_each, place) => ({ ...server, name: `s${place}` })),
  })),
})
