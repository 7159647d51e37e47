import assert from 'node:assert/strict'
import { test } from 'node:test'
import { showLog } from '../../appliance/cli/show-log.ts'
import { showStatus } from '../../appliance/cli/show-status.ts'
import { lengthWords } from '../../appliance/cli/table.ts'
import { directorAlarms } from '../../appliance/status/alarms.ts'
import { assembleStatus, type Facts, movesByItself } from '../../appliance/status/assemble.ts'
import { statusDelta } from '../../appliance/status/delta.ts'
import { parseFromChild } from '../../appliance/status/parse-message.ts'
import type { ServiceStatus } from '../../appliance/status/service-status.ts'
import { Standings } from '../../appliance/status/standing.ts'
import type { ProcessMachine } from '../../appliance/supervision/process-machine.ts'
import { instant } from '../../appliance/values/duration.ts'
import { exampleSpec } from './example-spec.ts'

const at = '2030-01-01T00:01:05.500Z'
const clean = { restarts: 0, failures: 0, failingSince: null, lastFailure: null }
const running: ProcessMachine = {
  kind: 'running',
  since: instant(5_000),
  why: 'ready',
  record: clean,
  pid: 42,
  hearBy: null,
  stuck: null,
  forgetAt: null,
}
const failing = (failures: number): ProcessMachine => ({
  kind: 'backing-off',
  since: instant(20_000),
  why: 'exited with code 1; next start in 5 s',
  record: {
    restarts: 9,
    failures,
    failingSince: instant(8_000),
    lastFailure: 'exited with code 1',
  },
  until: instant(25_000),
})

function facts(changes: Partial<Facts> & { states?: Record<string, ProcessMachine> } = {}): Facts {
  const { states = { web: running }, ...rest } = changes
  const children = Object.entries(states).map(
    ([name, state]) => [name, { spec: { ...exampleSpec, name }, state, leaving: false }] as const,
  )
  return {
    version: '1.2.3',
    commit: 'abc',
    hostname: 'box',
    now: instant(65_500),
    bootedAt: instant(0),
    iso: moment => new Date(Date.UTC(2030, 0, 1) + moment).toISOString(),
    roster: { stopping: false, children: new Map(children) },
    memoryMiB: new Map([['web', 33]]),
    slot: null,
    storage: { state: 'disk', path: '/state', freeMiB: 100, totalMiB: 200, why: '' },
    memory: { usedMiB: 90, totalMiB: 458 },
    watchdog: null,
    time: null,
    watchdogMissing: null,
    watchdogExpected: 'hardware',
    ports: [],
    web: null,
    routers: [],
    trackers: [],
    services: [],
    director: {
      state: 'ok',
      since: '',
      why: '',
      sync: null,
      missing: null,
      refused: [],
      claims: [],
    },
    configuration: null,
    standsSince: new Standings().at(at),
    isSetUp: false,
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
    raised: [],
    everSettled: true,
    ...rest,
  }
}

test('a box on which all is well says so, with times in words of the wall clock', () => {
  const status = assembleStatus(facts())
  assert.equal(status.health.state, 'ok')
  assert.equal(status.uptimeSeconds, 65)
  assert.equal(status.bootedAt, '2030-01-01T00:00:00.000Z')
  assert.deepEqual(status.processes, [
    {
      name: 'web',
      state: 'running',
      since: '2030-01-01T00:00:05.000Z',
      why: 'ready',
      pid: 42,
      restarts: 0,
      memoryMiB: 33,
    },
  ])
  assert.deepEqual(status.alarms, [])
})

test('starting until all have settled once, whatever else is wrong', () => {
  const waiting: ProcessMachine = { kind: 'waiting', since: instant(0), why: '', record: clean }
  const { health } = assembleStatus(facts({ everSettled: false, states: { web: waiting } }))
  assert.deepEqual(health, { state: 'starting', since: at, why: 'not yet running: web (waiting)' })
  const looking = assembleStatus(facts({ everSettled: false })).health
  const why = 'looking at ports, slot and storage'
  assert.deepEqual(looking, { state: 'starting', since: at, why })
})

test('a child that is down is degraded, and an alarm from the third failure on', () => {
  const second = assembleStatus(facts({ states: { web: failing(2) } }))
  const why = 'not running: web (backing-off)'
  assert.deepEqual(second.health, { state: 'degraded', since: at, why })
  assert.deepEqual(second.alarms, [])

  const third = assembleStatus(facts({ states: { web: failing(3) } }))
  assert.equal(third.health.state, 'degraded')
  assert.deepEqual(third.alarms, [
    {
      reason: 'process-failing',
      message: 'web failed 3 times in a row: it exited with code 1',
      since: '2030-01-01T00:00:08.000Z',
    },
  ])
})

test('alarms raised elsewhere come first, the missing watchdog follows', () => {
  const raised = [{ reason: 'storage-memory', message: 'lost', since: '2030-01-01T00:00:01.000Z' }]
  const status = assembleStatus(facts({ raised, watchdogMissing: 'ENOENT' }))
  assert.deepEqual(
    status.alarms.map(alarm => alarm.reason),
    ['storage-memory', 'watchdog-missing'],
  )
  assert.equal(status.health.why, 'storage-memory: lost (and 1 more)')
})

test('a watchdog in software alone is an alarm, and the box is well with it', () => {
  const watchdog = { device: '/dev/watchdog', identity: 'Software Watchdog', timeoutSeconds: 30 }
  const armed = { ...watchdog, kind: 'software', since: '', why: '' } as const
  const { alarms, health } = assembleStatus(facts({ watchdog: armed }))
  assert.deepEqual(
    alarms.map(({ reason }) => reason),
    ['watchdog-software'],
  )
  assert.match(
    alarms[0]?.message ?? '',
    /nothing does when its kernel hangs\. Add one \(i6300esb in/,
  )
  assert.deepEqual(
    [health.state, health.why],
    ['ok', 'all processes run, good to know: watchdog-software'],
  )
  const raised = [{ reason: 'storage-memory', message: 'lost', since: '2030-01-01T00:00:01.000Z' }]
  const worse = assembleStatus(facts({ watchdog: armed, raised }))
  assert.equal(worse.health.why, 'storage-memory: lost')
  assert.deepEqual(
    assembleStatus(facts({ watchdog: armed, watchdogExpected: 'software' })).alarms,
    [],
  )
  assert.deepEqual(assembleStatus(facts({ watchdog: { ...armed, kind: 'hardware' } })).alarms, [])
})

const service = (name: string, state: ServiceStatus['state']): ServiceStatus => ({
  name,
  state,
  since: '2030-01-01T00:00:02.000Z',
  why: 'weight 0 is below 1',
  at: ['tcp 192.0.2.100:80'],
  scheduler: 'rr',
  serving: state === 'up' ? 'servers' : 'nobody',
  weight: 0,
  quorum: 1,
  servers: [],
})

test('a service that is down is an alarm, one that was not asked about is none', () => {
  const services = [service('shop', 'down'), service('mail', 'unknown'), service('dns', 'up')]
  const status = assembleStatus(facts({ services }))
  assert.deepEqual(status.alarms, [
    {
      reason: 'service-down',
      message: 'shop is down: weight 0 is below 1',
      since: '2030-01-01T00:00:02.000Z',
    },
  ])
  assert.deepEqual(status.services[0]?.serversTotal, 0)
})

test('a tracker that is down is no alarm, and is told of with what it takes', () => {
  const tracker = {
    name: 'check_nginx',
    state: 'down',
    number: null,
    since: '2030-01-01T00:00:02.000Z',
    why: 'exit code 1',
  } as const
  const priority = { effective: 70, configured: 100, explanation: '100 - 30 check_nginx = 70' }
  const routers = [{ name: 'VI_WEB', state: 'MASTER', priority }] as never
  const status = assembleStatus(facts({ trackers: [tracker], routers }))
  assert.deepEqual(status.health, {
    state: 'ok',
    since: at,
    why:
      'ok, but check_nginx is down since 2030-01-01T00:00:02.000Z: exit code 1, ' +
      'takes 30 of the priority of VI_WEB',
  })
  assert.deepEqual(status.alarms, [])
})

test('of many services that are down five are named', () => {
  const services = Array.from({ length: 9 }, (_, i) => service(`s${i}`, 'down'))
  const { alarms } = assembleStatus(facts({ services }))
  assert.equal(alarms.length, 6)
  assert.equal(alarms.at(-1)?.message, '4 more services are down')
})

test('what the kernel refused is one alarm, each claimed address one', () => {
  const alarms = directorAlarms({
    sync: null,
    missing: null,
    refused: ['no', 'nor'],
    claims: ['web1 answers'],
  })
  assert.deepEqual(alarms, [
    { reason: 'ipvs-refused', message: 'no (and 1 more)' },
    { reason: 'address-claimed', message: 'web1 answers' },
  ])
})

test('what moves by itself is no news, and all else is', () => {
  const news = (own: Parameters<typeof facts>[0] = {}) =>
    statusDelta(assembleStatus(facts()), assembleStatus(facts(own)), movesByItself)
  const later = {
    now: instant(99_000),
    memoryMiB: new Map([['web', 99]]),
    storage: { ...facts().storage, freeMiB: 1 },
  }
  assert.deepEqual(news(later), [])
  assert.deepEqual(news({ hostname: 'other' }), [{ at: ['hostname'], is: 'other' }])
  assert.notDeepEqual(news({ states: { web: failing(1) } }), [])
})

test('a service that has not changed is the same object in the next document', () => {
  const services = [service('shop', 'up')]
  const [one, other] = [assembleStatus(facts({ services })), assembleStatus(facts({ services }))]
  assert.equal(one.services[0], other.services[0])
})

test('messages of children are believed only in the agreed shape', () => {
  const fingerprint = Array(32).fill('AB').join(':')
  const web = { port: 443, fingerprint }
  assert.deepEqual(parseFromChild({ kind: 'ready' }, false), { kind: 'ready' })
  assert.deepEqual(parseFromChild({ kind: 'ready', web, more: 1 }, false), { kind: 'ready', web })
  assert.deepEqual(parseFromChild({ kind: 'alive', lagMs: 0.5 }, false), {
    kind: 'alive',
    lagMs: 0.5,
  })
  for (const bad of [
    null,
    'ready',
    [],
    {},
    { kind: 'stop' },
    // What only a trusted child may say.
    { kind: 'routers', routers: [], changes: [], events: [], moves: [] },
    { kind: 'alive' },
    { kind: 'alive', lagMs: -1 },
    { kind: 'alive', lagMs: Number.NaN },
    { kind: 'ready', web: null },
    { kind: 'ready', web: { port: 443 } },
    { kind: 'ready', web: { port: 0, fingerprint } },
    { kind: 'ready', web: { port: 443.5, fingerprint } },
    { kind: 'ready', web: { port: 65_536, fingerprint } },
    { kind: 'ready', web: { port: 443, fingerprint: `${fingerprint}\x1b[2J` } },
  ]) {
    assert.equal(parseFromChild(bad, false), null, JSON.stringify(bad))
  }
})

test('the status is shown with what is wrong first and columns that line up', () => {
  const shown = showStatus(
    assembleStatus(
      facts({
        states: { web: failing(3), 'dhcp-port1': running },
        slot: { running: 'b', state: 'trial', since: '', why: 'on trial', upgrade: null },
        watchdog: {
          device: '/dev/watchdog',
          identity: 'i6300',
          timeoutSeconds: 30,
          kind: 'hardware',
          since: '',
          why: '',
        },
        web: { port: 8443, fingerprint: 'AA:BB' },
        ports: [
          {
            name: 'port1',
            mac: '02:00:00:00:00:01',
            driver: 'virtio_net',
            link: 'up',
            why: '',
            speedMbps: 1000,
            addresses: ['192.0.2.10/24', '2001:db8::1/64', 'fe80::1/64'],
          },
        ],
      }),
    ),
  )
  assert.equal(
    shown,
    `Diarch 1.2.3 on box: degraded
  ! process-failing: web failed 3 times in a row: it exited with code 1

up        1 min
slot      B, trial: on trial
memory    90 of 458 MiB used
storage   100 of 200 MiB free in /state
watchdog  hardware, i6300, 30 s
web       https://192.0.2.10:8443/
web       https://[2001:db8::1]:8443/
          SHA-256 AA:BB

PROCESS     STATE        SINCE  MEMORY  RESTARTS  WHY
web         backing-off  45 s   33 MiB  9         exited with code 1; next start in 5 s
dhcp-port1  running      1 min  -       0         ready

PORT   LINK  SPEED        ADDRESSES
port1  up    1000 Mbit/s  192.0.2.10/24  2001:db8::1/64  fe80::1/64`,
  )
})

test('lengths of time are told in two units at most', () => {
  assert.deepEqual([0, 59.9, 60, 3599, 3600, 7320, 90_000, 270_000].map(lengthWords), [
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h',
    '2 h 2 min',
    '1 d 1 h',
    '3 d 3 h',
  ])
})

test('a log shows standard error by a mark and says what is gone', () => {
  const at = '2030-01-01T00:00:08.123Z'
  const log = {
    name: 'web',
    dropped: 7,
    lines: [
      { at, stream: 'stdout', text: 'hello' },
      { at, stream: 'stderr', text: 'oh' },
    ],
  } as const
  assert.equal(
    showLog(log, 'UTC'),
    `(7 earlier lines are gone)
2030-01-01 00:00:08   hello
2030-01-01 00:00:08 ! oh`,
  )
  // Where the process itself lives does not count.
  process.env.TZ = 'America/New_York'
  assert.match(showLog(log, 'Asia/Kolkata'), /^2030-01-01 05:30:08 {3}hello$/m)
})
