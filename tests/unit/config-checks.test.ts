import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directorConfig } from '../../appliance/config/director-config.ts'
import { parseDocument } from '../../appliance/config/document.ts'
import { findingText } from '../../appliance/config/finding.ts'
import type { Check } from '../../appliance/health/check.ts'
import { accepted, pair, refusals } from './config/pair.ts'

const documentOf = (check: object) =>
  pair({
    cluster: {
      checks: { it: check },
      services: {
        web: { virtual: ['192.0.2.100:80'], checks: ['it'], servers: { a: '10.0.0.1:80' } },
      },
    },
  })

function checkOf(check: object): Check {
  const { services } = directorConfig(accepted(documentOf(check)))
  const found = services[0]?.servers[0]?.checks[0]?.check
  assert.ok(found)
  return found
}

const request = {
  path: '/',
  statuses: [[200, 299]],
  digest: null,
  matches: null,
  matchesNot: null,
  json: null,
}

const http = {
  kind: 'http',
  tls: null,
  version: '1.1',
  method: 'GET',
  host: null,
  headers: {},
  body: null,
  requests: [request],
}

const unverified = { serverName: null, verify: null, leastDaysLeft: null }
const login = { user: 'diarch', password: 'secret' }

/** What is written, and what is asked. */
const questions: readonly (readonly [what: string, written: object, question: object])[] = [
  ['ping', { kind: 'ping' }, { kind: 'ping', size: 56 }],
  ['ping, large', { kind: 'ping', size: 1400 }, { kind: 'ping', size: 1400 }],
  ['arp', { kind: 'arp', interface: 'eth0' }, { kind: 'arp' }],
  ['tcp', { kind: 'tcp' }, { kind: 'tcp', tls: null, send: null, expect: null }],
  [
    'tcp, a dialogue',
    { kind: 'tcp', tls: true, send: 'PING\r\n', expect: '^\\+PONG' },
    {
      kind: 'tcp',
      tls: unverified,
      send: { as: 'text', value: 'PING\r\n' },
      expect: '^\\+PONG',
    },
  ],
  ['udp', { kind: 'udp' }, { kind: 'udp', send: { as: 'text', value: '' }, expect: null }],
  [
    'udp, bytes',
    { kind: 'udp', send: { hex: '00FF' }, expect: '.' },
    { kind: 'udp', send: { as: 'hex', value: '00ff' }, expect: '.' },
  ],
  ['http', { kind: 'http' }, http],
  [
    'http, in full',
    {
      kind: 'http',
      path: '/health?full',
      statuses: [204, '300-399'],
      digest: '0123456789ABCDEF0123456789ABCDEF',
      matches: 'ok',
      matchesNot: 'down',
      json: { pointer: '/a/0', equals: true },
      version: '2',
      method: 'POST',
      host: 'www.example.com:8443',
      headers: { 'X-Check': 'diarch' },
      body: '{}',
      tls: { verify: true, leastDaysLeft: 7 },
    },
    {
      ...http,
      tls: {
        serverName: 'www.example.com',
        verify: { name: 'www.example.com', authorities: null },
        leastDaysLeft: 7,
      },
      version: '2',
      method: 'POST',
      host: 'www.example.com:8443',
      headers: { 'X-Check': 'diarch' },
      body: '{}',
      requests: [
        {
          path: '/health?full',
          statuses: [
            [204, 204],
            [300, 399],
          ],
          digest: '0123456789abcdef0123456789abcdef',
          matches: 'ok',
          matchesNot: 'down',
          json: { pointer: '/a/0', equals: true },
        },
      ],
    },
  ],
  [
    'http, several',
    { kind: 'http', requests: [{}, { path: '/b', statuses: [] }] },
    { ...http, requests: [request, { ...request, path: '/b', statuses: [] }] },
  ],
  [
    'https, by address',
    { kind: 'http', host: '192.0.2.100:443', tls: true },
    { ...http, host: '192.0.2.100:443', tls: unverified },
  ],
  [
    'https, of any name',
    { kind: 'http', host: 'a.example', tls: { verify: true, name: null } },
    {
      ...http,
      host: 'a.example',
      tls: {
        serverName: 'a.example',
        verify: { name: null, authorities: null },
        leastDaysLeft: null,
      },
    },
  ],
  ['smtp', { kind: 'smtp' }, { kind: 'smtp', helo: 'localhost', startTls: null }],
  [
    'smtp, encrypted',
    { kind: 'smtp', helo: 'a.example', startTls: { serverName: 'b.example' } },
    { kind: 'smtp', helo: 'a.example', startTls: { ...unverified, serverName: 'b.example' } },
  ],
  ['dns', { kind: 'dns' }, { kind: 'dns', transport: 'udp', name: '.', type: 'SOA', expect: null }],
  ['mysql', { kind: 'mysql' }, { kind: 'mysql', tls: null, login: null, query: null }],
  [
    'mysql, a query',
    { kind: 'mysql', login, query: { sql: 'SELECT 1' } },
    { kind: 'mysql', tls: null, login, query: { sql: 'SELECT 1', expect: null } },
  ],
  [
    'postgresql',
    { kind: 'postgresql', login },
    { kind: 'postgresql', tls: null, login: { ...login, database: 'diarch' }, query: null },
  ],
  [
    'postgresql, another database',
    { kind: 'postgresql', login: { ...login, database: 'shop' } },
    { kind: 'postgresql', tls: null, login: { ...login, database: 'shop' }, query: null },
  ],
  ['redis', { kind: 'redis' }, { kind: 'redis', tls: null, login: null, role: 'any' }],
  [
    'redis, the master',
    { kind: 'redis', login: { password: 'secret' }, role: 'master' },
    { kind: 'redis', tls: null, login: { user: null, password: 'secret' }, role: 'master' },
  ],
  ['ldap', { kind: 'ldap' }, { kind: 'ldap', tls: null, bind: null, base: null }],
  [
    'ldap, an entry',
    { kind: 'ldap', bind: { dn: 'cn=a', password: 'secret' }, base: 'dc=example' },
    { kind: 'ldap', tls: null, bind: { dn: 'cn=a', password: 'secret' }, base: 'dc=example' },
  ],
  [
    'radius',
    { kind: 'radius', secret: 'testing123' },
    { kind: 'radius', secret: 'testing123', login: null },
  ],
  ['grpc', { kind: 'grpc' }, { kind: 'grpc', tls: null, service: '' }],
  [
    'script',
    { kind: 'script', command: ['/bin/look', 'x'] },
    { kind: 'script', command: ['/bin/look', 'x'], user: null, dynamic: false },
  ],
  ['file', { kind: 'file', path: '/etc/wish' }, { kind: 'file', path: '/etc/wish' }],
  [
    'bfd',
    { kind: 'bfd' },
    { kind: 'bfd', minTransmit: 300, minReceive: 300, multiplier: 3, ttl: 255 },
  ],
]

for (const [what, written, question] of questions) {
  const withPort = (written as { kind: string }).kind === 'grpc' ? { port: 50_051 } : {}
  test(`question: ${what}`, () => {
    const found = checkOf({ ...written, ...withPort })
    assert.equal(found.name, 'it')
    assert.deepEqual(found.question, question)
  })
}

test('pace: in full', () => {
  const found = checkOf({
    kind: 'tcp',
    interval: '10s',
    timeout: '500ms',
    retryInterval: '2s',
    rise: 2,
    fall: 5,
    initially: 'up',
    warmUp: '3s',
    damping: {},
  })
  assert.deepEqual(found.pace, {
    interval: 10_000,
    timeout: 500,
    retryInterval: 2000,
    rise: 2,
    fall: 5,
    initially: 'up',
    warmUp: 3000,
    damping: { changes: 6, within: 60_000, hold: 60_000 },
  })
})

test('pace: who talks longer is asked less often', () => {
  const { interval, timeout } = checkOf({ kind: 'smtp' }).pace
  assert.deepEqual([interval, timeout], [5000, 3000])
})

test('pace: BFD counts by itself', () => {
  const found = checkOf({ kind: 'bfd', minTransmit: '50ms', minReceive: '100ms', multiplier: 5 })
  assert.deepEqual(found.pace, {
    interval: 50,
    retryInterval: 50,
    timeout: 500,
    rise: 1,
    fall: 1,
    initially: 'down',
    warmUp: 0,
    damping: null,
  })
})

/** Values that a key refuses, and the words. */
const refused: readonly (readonly [written: object, line: string])[] = [
  [
    { kind: 'htpp' },
    'cluster.checks.it.kind is "htpp", expected "ping" or "arp" or "tcp" or "udp" or "http" or ' +
      '"smtp" or "dns" or "mysql" or "postgresql" or "redis" or "ldap" or "radius" or "grpc" or ' +
      '"script" or "file" or "bfd"; did you mean "http"?',
  ],
  [{ kind: 'tcp', expect: '(' }, 'cluster.checks.it.expect is "(", expected a regular expression'],
  [{ kind: 'tcp', expect: '' }, 'cluster.checks.it.expect is "", expected a regular expression'],
  [
    { kind: 'tcp', send: { hex: 'abc' } },
    'cluster.checks.it.send.hex is "abc", expected bytes as hexadecimal digits, such as "00ff"',
  ],
  [
    { kind: 'tcp', send: 5 },
    'cluster.checks.it.send is 5, expected text in quotes, or {"hex": ...}',
  ],
  [
    { kind: 'http', statuses: ['299-200'] },
    'cluster.checks.it.statuses[0] is "299-200", expected a status such as 200, or a range such ' +
      'as "200-299"',
  ],
  [
    { kind: 'http', statuses: [99] },
    'cluster.checks.it.statuses[0] is 99, expected a status such as 200, or a range such as ' +
      '"200-299"',
  ],
  [
    { kind: 'http', path: 'health' },
    'cluster.checks.it.path is "health", expected a path that begins with a slash, without spaces',
  ],
  [
    { kind: 'http', digest: 'abc' },
    'cluster.checks.it.digest is "abc", expected an MD5 of 32 hexadecimal digits',
  ],
  [
    { kind: 'http', json: { pointer: 'status', equals: 'ok' } },
    'cluster.checks.it.json.pointer is "status", expected a JSON pointer such as "/status"; ' +
      '"" is the whole answer',
  ],
  [
    { kind: 'http', json: { pointer: '/status', equals: {} } },
    'cluster.checks.it.json.equals is (an object), expected text in quotes, a number, true, ' +
      'false or null',
  ],
  [
    { kind: 'http', headers: { 'X-A': 'a\r\nX-B: b' } },
    'cluster.checks.it.headers.X-A is "a\\r\\nX-B: b", expected text without line breaks',
  ],
  [
    { kind: 'http', headers: { 'X A': 'a' } },
    'cluster.checks.it.headers["X A"]: expected the name of a header',
  ],
  [
    { kind: 'http', requests: [] },
    'cluster.checks.it.requests is (a list of 0), expected at least one request',
  ],
  [
    { kind: 'http', tls: 'yes' },
    'cluster.checks.it.tls is "yes", expected true, false, or an object with more about it',
  ],
  [
    { kind: 'http', tls: { verify: true, ca: 'x' } },
    'cluster.checks.it.tls.ca is "x", expected certificates as PEM: ' +
      '"-----BEGIN CERTIFICATE-----..."',
  ],
  [
    { kind: 'dns', type: 'AAA' },
    'cluster.checks.it.type is "AAA", expected "A" or "AAAA" or "NS" or "CNAME" or "SOA" or "MX" ' +
      'or "TXT" or "SRV" or "PTR"; did you mean "AAAA"?',
  ],
  [
    { kind: 'tcp', interval: 2 },
    'cluster.checks.it.interval is 2, expected a time from "100ms" to "24h"; times have a unit, ' +
      'such as "2s"',
  ],
  [
    { kind: 'tcp', delay_loop: 2 },
    "cluster.checks.it.delay_loop: there is no such key; keepalived's delay_loop is interval here",
  ],
  [
    { kind: 'tcp', TCP_CHECK: {} },
    'cluster.checks.it.TCP_CHECK: there is no such key; ' +
      'keepalived\'s TCP_CHECK is "kind": "tcp" here',
  ],
  [
    { kind: 'HTTP_GET' },
    'cluster.checks.it.kind is "HTTP_GET", expected "ping" or "arp" or "tcp" or "udp" or "http" ' +
      'or "smtp" or "dns" or "mysql" or "postgresql" or "redis" or "ldap" or "radius" or "grpc" ' +
      'or "script" or "file" or "bfd"; keepalived\'s HTTP_GET is "http" here',
  ],
  [{ kind: 'ping', port: 80 }, 'cluster.checks.it.port: there is no such key'],
  [{ kind: 'arp', mark: 7 }, 'cluster.checks.it.mark: there is no such key'],
  [
    { kind: 'radius' },
    'cluster.checks.it.secret is missing: expected a password of 1 to 255 characters',
  ],
]

for (const [written, line] of refused) {
  test(`refused: ${JSON.stringify(written)}`, () => {
    assert.deepEqual(refusals(documentOf(written)), [line])
  })
}

test('a password is never repeated', () => {
  const secret = 'correct horse\0'
  const places = [
    { kind: 'mysql', login: { user: 'a', password: secret } },
    { kind: 'mysql', password: secret },
    { kind: 'redis', login: { pasword: 'x', password: secret } },
    { kind: 'ldap', bind: { dn: 'cn=a', password: secret } },
    { kind: 'radius', secret },
    { kind: 'http', headers: { Authorization: secret } },
  ]
  for (const check of places) {
    const parsed = parseDocument(documentOf(check))
    assert.equal(parsed.kind, 'refused')
    if (parsed.kind !== 'refused') return
    const text = JSON.stringify(parsed) + parsed.findings.map(findingText).join()
    assert.ok(!text.includes('correct horse'), text)
  }
})
