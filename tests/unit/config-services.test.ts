import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directorConfig } from '../../appliance/config/director-config.ts'
import type { ServerConfig, ServiceConfig } from '../../appliance/health/service-config.ts'
import { accepted, least, pair, refusals } from './config/pair.ts'

const web = { virtual: ['192.0.2.100:80'], servers: { a: '10.0.0.1:80' } }

const documentOf = (service: object, cluster: object = {}) =>
  pair({ cluster: { ...cluster, services: { web: { ...web, ...service } } } })

function serviceOf(service: object, cluster: object = {}): ServiceConfig {
  const [config] = directorConfig(accepted(documentOf(service, cluster))).services
  assert.ok(config)
  return config
}

const serverOf = (service: object, cluster: object = {}): ServerConfig => {
  const [server] = serviceOf(service, cluster).servers
  assert.ok(server)
  return server
}

const pace = {
  interval: 2000,
  retryInterval: 1000,
  timeout: 1000,
  rise: 1,
  fall: 3,
  initially: 'down',
  warmUp: 0,
  damping: null,
}

const tcp = { name: 'tcp', question: { kind: 'tcp', tls: null, send: null, expect: null }, pace }
const nowhere = { source: null, interface: null, mark: null, through: null }
const whenever = { weight: null, reverse: false }

test('nothing to balance', () => {
  assert.deepEqual(directorConfig(accepted(pair({}))), {
    services: [],
    sync: null,
    timeouts: { tcp: null, tcpFin: null, udp: null },
  })
})

test('a service and its defaults', () => {
  assert.deepEqual(serviceOf({}), {
    name: 'web',
    at: [{ kind: 'address', protocol: 'tcp', address: '192.0.2.100', port: 80 }],
    settings: { scheduler: 'wlc', schedulerFlags: [], persistence: null, onePacket: false },
    servers: [
      {
        name: 'a',
        at: { address: '10.0.0.1', port: 80 },
        settings: { forwarding: { method: 'nat' }, weight: 1, upper: 0, lower: 0 },
        checks: [
          { check: tcp, target: { ...nowhere, address: '10.0.0.1', port: 80 }, ...whenever },
        ],
        inhibit: false,
        onUp: null,
        onDown: null,
      },
    ],
    sorry: null,
    quorum: 1,
    hysteresis: 0,
    onUp: null,
    onDown: null,
    panicBelow: 0,
    slowStart: null,
    drainLimit: 300_000,
  })
})

test('a service in full', () => {
  const command = ['/bin/tell', 'x']
  const found = serviceOf({
    scheduler: 'mh',
    schedulerFlags: ['mh-port', 'mh-fallback'],
    forwarding: { tunnel: 'gue', port: 6080, checksum: 'remote' },
    persistence: { time: '1h', granularity: 24 },
    checks: [],
    servers: {
      a: {
        address: '10.0.0.1',
        weight: 5,
        mostConnections: 100,
        resumeBelow: 80,
        forwarding: 'direct',
        inhibit: false,
        notifyUp: { command },
        notifyDown: { command, user: 'nobody', timeout: '5s' },
      },
      b: '10.0.0.2',
    },
    inhibit: true,
    sorryServer: {
      address: '10.0.0.9',
      forwarding: { tunnel: 'gre', checksum: 'full' },
      inhibit: true,
    },
    quorum: 3,
    hysteresis: 2,
    notifyUp: { command },
    notifyDown: { command },
    panicBelow: 25,
    slowStart: '30s',
    drainLimit: '1h',
  })
  const hook = { command, user: null, timeout: 30_000 }
  const gue = { type: 'gue', port: 6080, checksum: 'remote' }
  const { servers, at, name, ...rest } = found
  assert.deepEqual(rest, {
    settings: {
      scheduler: 'mh',
      schedulerFlags: [1, 2],
      persistence: { seconds: 3600, prefixLength: 24, engine: null },
      onePacket: false,
    },
    sorry: {
      at: { address: '10.0.0.9', port: 80 },
      settings: {
        forwarding: { method: 'tunnel', tunnel: { type: 'gre', checksum: 'full' } },
        weight: 1,
        upper: 0,
        lower: 0,
      },
      inhibit: true,
    },
    quorum: 3,
    hysteresis: 2,
    onUp: hook,
    onDown: hook,
    panicBelow: 0.25,
    slowStart: 30_000,
    drainLimit: 3_600_000,
  })
  assert.deepEqual(servers, [
    {
      name: 'a',
      at: { address: '10.0.0.1', port: 80 },
      settings: { forwarding: { method: 'direct' }, weight: 5, upper: 100, lower: 80 },
      checks: [],
      inhibit: false,
      onUp: hook,
      onDown: { command, user: 'nobody', timeout: 5000 },
    },
    {
      name: 'b',
      at: { address: '10.0.0.2', port: 80 },
      settings: { forwarding: { method: 'tunnel', tunnel: gue }, weight: 1, upper: 0, lower: 0 },
      checks: [],
      inhibit: true,
      onUp: null,
      onDown: null,
    },
  ])
})

test('endpoints of every form', () => {
  const { at } = serviceOf({
    virtual: [
      '192.0.2.100:80',
      '192.0.2.100',
      { address: '192.0.2.100', port: 80, protocol: 'udp' },
      { address: '198.51.100.8-10', port: 80, held: false },
      { mark: 7 },
    ],
    protocol: 'sctp',
    persistence: '5m',
  })
  const service = { kind: 'address', protocol: 'sctp' } as const
  assert.deepEqual(at, [
    { ...service, address: '192.0.2.100', port: 80 },
    { ...service, address: '192.0.2.100', port: 0 },
    { ...service, protocol: 'udp', address: '192.0.2.100', port: 80 },
    { ...service, address: '198.51.100.8', port: 80 },
    { ...service, address: '198.51.100.9', port: 80 },
    { ...service, address: '198.51.100.10', port: 80 },
    { kind: 'mark', family: 'inet', mark: 7 },
  ])
})

test('granularity is the whole address of the family', () => {
  const inet6 = { virtual: [{ mark: 7, family: 'inet6' }], servers: {} }
  const length = (service: object) => serviceOf(service).settings.persistence?.prefixLength
  assert.equal(length({ persistence: '5m' }), 32)
  assert.equal(length({ ...inet6, persistence: {} }), 128)
  assert.equal(serviceOf({ persistence: {} }).settings.persistence?.seconds, 360)
})

test('the port of a server is that of the service, or the one that the client asked for', () => {
  const servers = { a: '10.0.0.1' }
  const port = (virtual: readonly unknown[]) => serverOf({ virtual, servers }).at.port
  assert.equal(port(['192.0.2.100:80']), 80)
  assert.equal(port(['192.0.2.100:80', '192.0.2.100:443']), 0)
  assert.equal(port([{ mark: 7 }]), 0)
})

const asked = (service: object, cluster: object = {}) =>
  serverOf(service, cluster).checks.map(({ check, target }) => [
    check.name,
    check.question.kind,
    target.address,
    target.port,
  ])

test('without checks a server is asked at its TCP ports, or by ping', () => {
  const servers = { a: '10.0.0.1' }
  const both = ['192.0.2.100:80', '192.0.2.100:443']
  assert.deepEqual(asked({ servers: { a: '10.0.0.1:8080' } }), [['tcp', 'tcp', '10.0.0.1', 8080]])
  assert.deepEqual(asked({ virtual: both, servers }), [
    ['tcp', 'tcp', '10.0.0.1', 80],
    ['tcp', 'tcp', '10.0.0.1', 443],
  ])
  const ping = [['ping', 'ping', '10.0.0.1', null]]
  assert.deepEqual(asked({ protocol: 'udp' }), ping)
  assert.deepEqual(asked({ virtual: [{ mark: 7 }], servers }), ping)
  assert.deepEqual(asked({ virtual: ['192.0.2.100'], servers, persistence: '5m' }), ping)
})

test('who says nothing of checks gets the one that the document calls tcp', () => {
  const checks = { tcp: { kind: 'http' } }
  assert.deepEqual(asked({}, { checks }), [['tcp', 'http', '10.0.0.1', 80]])
})

test('a server has its own checks, or those of the service', () => {
  const checks = { web: { kind: 'http', port: 8080 }, file: { kind: 'file', path: '/etc/a' } }
  assert.deepEqual(asked({ checks: ['web', 'file'] }, { checks }), [
    ['web', 'http', '10.0.0.1', 8080],
    ['file', 'file', '10.0.0.1', null],
  ])
  const own = { servers: { a: { address: '10.0.0.1', checks: ['ping'] } }, checks: ['web'] }
  assert.deepEqual(asked(own, { checks }), [['ping', 'ping', '10.0.0.1', null]])
})

test('where a question comes from: the use, this box, the check', () => {
  const checks = {
    web: { kind: 'http', source: '10.9.0.1', interface: 'eth1', mark: 1, port: 81 },
  }
  const uses = [
    'web',
    {
      check: 'web',
      source: '10.9.0.3',
      interface: 'eth3',
      mark: 3,
      port: 83,
      address: '10.0.0.3',
      weight: -3,
      reverse: true,
    },
  ]
  const services = { web: { ...web, checks: uses } }
  const node = { checks: { web: { source: '10.9.0.2' } } }
  const [service] = directorConfig(accepted(pair({ cluster: { checks, services }, node }))).services
  assert.deepEqual(
    service?.servers[0]?.checks.map(({ check, ...use }) => use),
    [
      {
        target: {
          address: '10.0.0.1',
          port: 81,
          through: null,
          source: '10.9.0.2',
          interface: 'eth1',
          mark: 1,
        },
        weight: null,
        reverse: false,
      },
      {
        target: {
          address: '10.0.0.3',
          port: 83,
          through: null,
          source: '10.9.0.3',
          interface: 'eth3',
          mark: 3,
        },
        weight: -3,
        reverse: true,
      },
    ],
  )
})

test('through the server: one question for each TCP endpoint', () => {
  const { checks } = serverOf({
    virtual: [
      '192.0.2.100:80',
      '192.0.2.100:443',
      { address: '192.0.2.100', port: 80, protocol: 'udp' },
      '192.0.2.100',
      { mark: 7 },
    ],
    persistence: '5m',
    forwarding: 'direct',
    servers: { a: '10.0.0.1' },
    checks: [{ check: 'tcp', throughServer: true }],
  })
  const through = { ...nowhere, address: '192.0.2.100', through: '10.0.0.1' }
  assert.deepEqual(
    checks.map(({ target }) => target),
    [
      { ...through, port: 80 },
      { ...through, port: 443 },
    ],
  )
})

test('a check that many servers have is made once', () => {
  const { servers } = serviceOf({ servers: { a: '10.0.0.1', b: '10.0.0.2' } })
  const [a, b] = servers.map(({ checks: [first] }) => first?.check)
  assert.ok(a)
  assert.equal(a, b)
})

test('a document without virtual routers: others hold the addresses', () => {
  const document = { schemaVersion: 2, cluster: { services: { web } } }
  assert.deepEqual(refusals(document), [])
  assert.equal(directorConfig(accepted(document)).services.length, 1)
})

test('a connection sync and timeouts', () => {
  const sync = { interface: 'eth1' }
  const config = (director: object, node?: object) =>
    directorConfig(accepted(pair({ cluster: { director }, ...(node ? { node } : {}) })))
  const usual = {
    interface: 'eth1',
    id: 1,
    group: null,
    port: null,
    ttl: 1,
    maxLength: null,
    channels: 1,
    router: null,
    settle: 10_000,
  }
  assert.deepEqual(config({ sync }).sync, usual)
  const node = { director: { sync: { interface: 'eth2' } } }
  assert.deepEqual(config({ sync }, node).sync, { ...usual, interface: 'eth2' })
  const full = {
    id: 51,
    group: '224.0.0.99',
    port: 8849,
    ttl: 2,
    channels: 4,
    router: 'VI_1',
    settle: '1m',
  }
  assert.deepEqual(config({ sync: { ...sync, ...full, mostBytes: 1400 } }).sync, {
    interface: 'eth1',
    ...full,
    maxLength: 1400,
    settle: 60_000,
  })
  const timeouts = { tcp: '15m', tcpFin: '2m', udp: '300s' }
  assert.deepEqual(config({ timeouts }).timeouts, { tcp: 900, tcpFin: 120, udp: 300 })
})

test('a thousand services of ten servers are read in a moment', () => {
  const servers = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [
      `s${index}`,
      { address: `10.0.0.${index}`, port: 80 },
    ]),
  )
  const services = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [
      `web${index}`,
      { virtual: [{ address: '192.0.2.100', port: index + 1 }], servers },
    ]),
  )
  const document = { schemaVersion: 2, cluster: { routers: { VI_1: least }, services } }
  const text = JSON.stringify(document)
  const start = performance.now()
  const config = directorConfig(accepted(text))
  const took = performance.now() - start
  assert.equal(config.services.flatMap(each => each.servers).length, 10_000)
  // Half a second on a slow machine; something that grows with the square takes a minute.
  assert.ok(took < 10_000, `${took} ms`)
})
