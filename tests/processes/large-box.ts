import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { assembleStatus } from '../../appliance/status/assemble.ts'
import type {
  DirectorStatus,
  ServerStatus,
  ServiceStatus,
} from '../../appliance/status/service-status.ts'
import type { Control } from '../../appliance/supervisor/control/control.ts'
import { Doors } from '../../appliance/supervisor/control/doors.ts'
import { Publisher } from '../../appliance/supervisor/control/publisher.ts'
import { instant } from '../../appliance/values/duration.ts'

const since = '2026-11-21T10:00:00.000Z'

const server = (service: number, index: number): ServerStatus => ({
  name: `web${index}`,
  address: `10.${service >> 8}.${service & 255}.${index}`,
  port: 80,
  forwarding: 'direct',
  state: 'up',
  since,
  why: 'all of its checks pass',
  weight: 100,
  explanation: '100 (configured)',
  checks: [{ name: 'page', state: 'up', since, why: '200 OK in 3 ms' }],
})

const service = (number: number, servers: number): ServiceStatus => ({
  name: `shop-${number}`,
  state: 'up',
  since,
  why: 'the servers that are up weigh 1000, and the quorum is 1',
  at: [`tcp 192.0.2.${number & 255}:${1000 + number}`],
  scheduler: 'wlc',
  serving: 'servers',
  weight: 1000,
  quorum: 1,
  servers: Array.from({ length: servers }, (_, index) => server(number, index)),
})

/**
 * What the supervisor publishes and serves, with as many services as it takes, and nobody behind
 * them: the director of so many would be busy with its checks.
 */
export async function openLargeBox(t: TestContext, count: number, servers: number) {
  const folder = mkdtempSync(join(tmpdir(), 'diarch-large-'))
  t.after(() => rmSync(folder, { recursive: true }))
  let services: readonly ServiceStatus[] = Array.from({ length: count }, (_, number) =>
    service(number, servers),
  )
  const director: DirectorStatus = {
    ...{ state: 'ok', since, why: '' },
    ...{ sync: null, missing: null, refused: [], claims: [] },
  }
  const status = () =>
    assembleStatus({
      version: '1.2.3',
      commit: 'abc',
      hostname: 'box',
      now: instant(performance.now()),
      bootedAt: instant(0),
      iso: moment => new Date(moment).toISOString(),
      roster: { stopping: false, children: new Map() },
      memoryMiB: new Map(),
      slot: null,
      storage: { state: 'disk', path: '/state', freeMiB: 100, totalMiB: 200, why: '' },
      memory: null,
      watchdog: null,
      time: null,
      watchdogMissing: null,
      watchdogExpected: 'hardware',
      ports: [],
      web: null,
      configuration: null,
      routers: [],
      trackers: [],
      services,
      director,
      standsSince: () => since,
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
    })
  const publisher = new Publisher({
    ...{ status, services: () => services, director: () => director },
    tellChildren: () => {},
  })
  const doors = new Doors({ stateDir: folder, runDir: folder }, false, () => {})
  const control: Partial<Control> = {
    ...{ status, services: () => services, director: () => director },
    watchStatus: publisher.status.open,
    watchServices: publisher.services.open,
  }
  await doors.open(control as Control)
  t.after(() => {
    publisher.stop()
    doors.close()
  })
  return {
    runDir: folder,
    socketPath: join(folder, 'control.sock'),
    doors,
    publisher,
    services: () => services,
    /** As the director tells it: the service is another object, all others are the same. */
    change: (name: string, change: (service: ServiceStatus) => ServiceStatus): void => {
      services = services.map(each => (each.name === name ? change(each) : each))
      publisher.soon()
    },
  }
}
