import type { Status } from '../../appliance/status/document.ts'
import type { PeerStatus } from '../../appliance/status/pair-status.ts'
import type { RouterStatus } from '../../appliance/status/router-status.ts'

const pairs = Array.from({ length: 32 }, (_, i) => i.toString(16).toUpperCase().padStart(2, '0'))
const booted = '2026-11-21T05:29:00.000Z'
const running = { state: 'running', since: booted, why: '', memoryMiB: 48 } as const

/** A healthy box with two ports. */
export const exampleRouter: RouterStatus = {
  name: 'web',
  state: 'MASTER',
  since: '2026-11-21T09:00:00.000Z',
  why: 'the master is silent',
  interface: 'port1',
  vrid: 51,
  family: 'inet',
  version: 3,
  intervalSeconds: 0.1,
  preempt: true,
  syncGroup: null,
  priority: { effective: 100, configured: 100, explanation: '100' },
  source: '192.0.2.10',
  master: null,
  expectsMasterInSeconds: null,
  addresses: [{ address: '192.0.2.100/24', held: true }],
  counters: {
    sent: 0,
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

export const examplePeer: PeerStatus = {
  name: 'lb2',
  address: '192.0.2.12',
  fingerprint: pairs.join(':'),
  keySince: booted,
  version: '1.2.3',
  heardAt: booted,
  report: null,
}

export const exampleStatus: Status = {
  product: 'Diarch',
  version: '1.2.3',
  commit: '9d6e8a0',
  hostname: 'diarch-4f2a',
  now: '2026-11-21T09:41:12.000Z',
  bootedAt: booted,
  uptimeSeconds: 15_132,
  health: { state: 'ok', since: booted, why: 'all processes run' },
  slot: {
    running: 'a',
    state: 'confirmed',
    since: booted,
    why: 'preferred and confirmed',
    upgrade: null,
  },
  storage: { state: 'disk', path: '/state', freeMiB: 812, totalMiB: 1020, since: booted, why: '' },
  memory: { usedMiB: 90, totalMiB: 458 },
  time: null,
  watchdog: {
    device: '/dev/watchdog0',
    identity: 'i6300ESB timer',
    timeoutSeconds: 30,
    kind: 'hardware',
    since: booted,
    why: 'it resets the box when the supervisor has not proved for 30 s that it works',
  },
  processes: [
    { ...running, name: 'web', pid: 101, restarts: 0 },
    { ...running, name: 'console', pid: 102, restarts: 2 },
  ],
  ports: [
    {
      name: 'port1',
      mac: '52:54:00:12:34:56',
      driver: 'virtio_net',
      link: 'up',
      since: booted,
      why: 'it has a link',
      speedMbps: 1000,
      addresses: ['192.0.2.10/24', '2001:db8:1234:5678:5054:ff:fe12:3456/64', 'fe80::1/64'],
    },
    {
      name: 'port2',
      mac: '52:54:00:12:34:57',
      driver: 'e1000e',
      link: 'no-carrier',
      since: booted,
      why: 'it hears nobody',
      speedMbps: null,
      addresses: [],
    },
  ],
  web: { port: 443, fingerprint: pairs.join(':') },
  routers: [],
  trackers: [],
  services: [],
  director: {
    state: 'ok',
    since: booted,
    why: '',
    sync: null,
    missing: null,
    refused: [],
    claims: [],
  },
  configuration: null,
  setup: { state: 'needed', since: booted, why: 'there is no user yet, so nobody can log in' },
  alerts: [],
  snmp: null,
  guard: null,
  fencing: null,
  pair: {
    state: 'single',
    since: '2026-01-01T00:00:00.000Z',
    why: 'paired with nobody',
    peer: null,
    key: null,
    codeExpiresAt: null,
    handover: null,
  },
  maintenance: null,
  alarms: [],
}
