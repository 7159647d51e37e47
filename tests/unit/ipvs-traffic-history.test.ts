import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SeenService, Traffic } from '../../appliance/ipvs/service.ts'
import { TrafficHistory } from '../../appliance/ipvs/traffic-history.ts'
import { instant } from '../../appliance/values/duration.ts'
import { at, plain, tcpService, weighing } from './ipvs-tables.ts'

const counted = (connections: number): Traffic => ({
  ...{ connections, packetsIn: 6 * connections, packetsOut: 4 * connections },
  ...{ bytesIn: 1000 * connections, bytesOut: 9000 * connections },
  ...{ connectionsPerSecond: 0, packetsInPerSecond: 0, packetsOutPerSecond: 0 },
  ...{ bytesInPerSecond: 0, bytesOutPerSecond: 0 },
})

const [web, mail] = [tcpService('192.0.2.100'), tcpService('192.0.2.100', 25)]
const server = at('198.51.100.1')

const seen = (where: typeof web, connections: number, servers = [server]): SeenService => ({
  at: where,
  settings: plain,
  traffic: counted(connections),
  destinations: servers.map(end => ({
    ...{ at: end, settings: weighing(1), active: 0, inactive: 0, persistent: 0 },
    traffic: counted(connections),
  })),
})

const s = (seconds: number) => instant(seconds * 1000)

test('rates of ten seconds, of a server of a minute, and all services together', () => {
  const history = new TrafficHistory()
  for (let look = 0; look <= 12; look++) {
    const moment = s(1000 + 10 * look)
    history.see([seen(web, 20 * look), seen(mail, 10 * look)], moment)
  }
  const now = s(1120)
  const series = history.service(web, now)
  assert.deepEqual(series?.connections.slice(-13), [null, ...Array(12).fill(2)])
  assert.deepEqual(series?.packets.at(-1), 20)
  assert.deepEqual(series?.bytes.at(-1), 20_000)
  assert.equal(series?.connections.length, 360)
  assert.deepEqual(history.newest(mail), [1, 10, 10_000])
  assert.deepEqual(history.total(now).connections.slice(-2), [3, 3])
  const ofServer = history.server(web, server, now)
  assert.deepEqual(ofServer?.connections.slice(-4), [null, 2, 2, 2])
  assert.equal(ofServer?.connections.length, 60)
})

test('a look that is late tells of two slots; a longer pause is a hole', () => {
  const history = new TrafficHistory()
  history.see([seen(web, 0)], s(1000))
  history.see([seen(web, 10)], s(1010))
  history.see([seen(web, 31)], s(1031))
  history.see([seen(web, 81)], s(1081))
  const series = history.service(web, s(1090))?.connections.slice(-9)
  assert.deepEqual(series, [1, 1, 1, null, null, null, null, 1, null])
  // Twice in a slot: the second look waits for the next one.
  history.see([seen(web, 500)], s(1085))
  history.see([seen(web, 91)], s(1091))
  assert.equal(history.newest(web)?.[0], 1)
})

test('counters that begin anew are no traffic, and what is gone is forgotten', () => {
  const history = new TrafficHistory()
  history.see([seen(web, 1000)], s(1000))
  history.see([seen(web, 10)], s(1010))
  assert.equal(history.newest(web), null)
  history.see([seen(web, 30)], s(1020))
  assert.equal(history.newest(web)?.[0], 2)
  history.see([], s(1030))
  assert.equal(history.service(web, s(1030)), null)
  history.see([seen(web, 9000)], s(1040))
  assert.equal(history.newest(web), null)
})

test('an hour later the first values are gone', () => {
  const history = new TrafficHistory()
  history.see([seen(web, 0)], s(0))
  history.see([seen(web, 100)], s(10))
  assert.equal(history.service(web, s(3600))?.connections[0], 10)
  assert.equal(history.service(web, s(3610))?.connections[0], null)
})

test('a thousand services with ten servers each take at most 12 MB', () => {
  const servers = Array.from({ length: 10 }, (_, n) => at(`198.51.100.${n}`))
  const table = Array.from({ length: 1000 }, (_, n) => {
    return seen(tcpService('192.0.2.100', 1000 + n), 1, servers)
  })
  const before = process.memoryUsage().arrayBuffers
  const history = new TrafficHistory()
  history.see(table, s(1000))
  const taken = (process.memoryUsage().arrayBuffers - before) / 1e6
  assert.ok(taken > 5 && taken < 12, `${taken} MB`)
  assert.ok(history.service(tcpService('192.0.2.100', 1500), s(1000)))
})
