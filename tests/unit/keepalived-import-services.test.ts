import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imported, type Loose, looked, textAt } from './keepalived-import-words.ts'

/** The name that the document gives to a check is of no matter here. */
const only = (table: Loose): Loose => Object.values(table)[0]

test('LVS-DR with TCP_CHECK, as in every tutorial', () => {
  const { document, said } = imported(`virtual_server 192.0.2.100 80 {
    delay_loop 6
    lb_algo rr
    lb_kind DR
    persistence_timeout 50
    persistence_granularity 255.255.255.0
    protocol TCP
    sorry_server 10.0.0.9 80
    real_server 10.0.0.1 80 {
        weight 3
        TCP_CHECK {
            connect_timeout 3
            nb_get_retry 3
            delay_before_retry 2
            connect_port 80
        }
    }
    real_server 10.0.0.2 80 {
        TCP_CHECK {
            connect_timeout 3
            retry 3
            delay_before_retry 2
        }
    }
}`)
  assert.deepEqual(document, {
    schemaVersion: 2,
    cluster: {
      checks: {
        'tcp-check': {
          ...{ kind: 'tcp', interval: '6s', timeout: '3s', retryInterval: '2s', fall: 4 },
          ...{ warmUp: '6s', initially: 'up' },
        },
      },
      services: {
        'tcp:192.0.2.100:80': {
          virtual: ['192.0.2.100:80'],
          protocol: 'tcp',
          scheduler: 'rr',
          forwarding: 'direct',
          persistence: { time: '50s', granularity: 24 },
          checks: ['tcp-check'],
          servers: {
            '10.0.0.1:80': { address: '10.0.0.1', port: 80, weight: 3 },
            '10.0.0.2:80': '10.0.0.2:80',
          },
          sorryServer: '10.0.0.9:80',
        },
      },
    },
  })
  assert.deepEqual(
    said,
    ['13', '21'].map(line => `${line} translated`),
  )
})

const service = (checker: string, more = '') => `virtual_server 192.0.2.1 80 {
protocol TCP
${more}
real_server 10.0.0.1 80 {
${checker}
}
}`

const checkOf = (checker: string, more = ''): Loose =>
  only(imported(service(checker, more)).document.cluster.checks)

const slow = { interval: '1m', timeout: '5s', warmUp: '1m', initially: 'up' }
const once = { ...slow, retryInterval: '1s', fall: 2 }

const kinds: readonly (readonly [checker: string, check: Loose])[] = [
  ['TCP_CHECK { }', { kind: 'tcp', ...once }],
  ['PING_CHECK { }', { kind: 'ping', ...once }],
  [
    'HTTP_GET { url { path /\nstatus_code 200 301-302 } }',
    {
      ...{ kind: 'http', ...once, retryInterval: '3s', version: '1.0' },
      ...{ path: '/', statuses: [200, '301-302'] },
    },
  ],
  [
    `SSL_GET { http_protocol 1.0C
sni_name a.example
virtualhost b.example
url { path /a
digest 0123456789abcdef0123456789abcdef }
url { path /b
regex "(?i)out of order"
regex_no_match
regex_options dotall } }`,
    {
      ...{ kind: 'http', ...once, retryInterval: '3s', version: '1.0' },
      ...{ headers: { Connection: 'close' }, tls: { serverName: 'a.example' } },
      host: 'b.example',
      requests: [
        { path: '/a', digest: '0123456789abcdef0123456789abcdef' },
        { path: '/b', matchesNot: '(?is:out of order)' },
      ],
    },
  ],
  ['SMTP_CHECK { helo_name me.example }', { kind: 'smtp', ...once, helo: 'me.example' }],
  [
    'DNS_CHECK { type mx\nname example.com }',
    { kind: 'dns', ...slow, retryInterval: '1m', fall: 4, type: 'MX', name: 'example.com' },
  ],
  [
    'MISC_CHECK { misc_path "/bin/look a b"\nmisc_timeout 7\nmisc_dynamic\nuser nobody }',
    {
      ...{ kind: 'script', ...slow, timeout: '7s', retryInterval: '1s', fall: 1 },
      ...{ command: ['/bin/look', 'a', 'b'], dynamic: true, user: 'nobody' },
    },
  ],
  ['UDP_CHECK { payload Ab1 2 }', { kind: 'udp', ...once, send: { hex: 'ab0102' } }],
  ['FILE_CHECK { track_file f }', { kind: 'file', ...once, path: '/etc/f' }],
  [
    'BFD_CHECK { name far }',
    { kind: 'bfd', minTransmit: '50ms', minReceive: '10ms', multiplier: 5, initially: 'up' },
  ],
]

const around = `track_file f { file /etc/f }
bfd_instance far { neighbour_ip 10.0.0.7
min_tx 50 }
`

for (const [checker, check] of kinds) {
  test(`checker: ${checker.split(' ')[0]} with its own defaults of keepalived`, () => {
    const { document } = imported(around + service(checker))
    assert.deepEqual(only(document.cluster.checks), check)
  })
}

test('what the service says about pace, its servers and their checkers say better', () => {
  const text = `delay_loop 10
retry 4
connect_timeout 2
alpha
warmup 0
virtualhost www.example.com`
  const wanted = { interval: '10s', fall: 5, timeout: '2s', initially: 'down', warmUp: '0s' }
  const found = checkOf('HTTP_GET { url { path / } }', text)
  assert.deepEqual({ ...found, ...wanted, host: 'www.example.com' }, found)
  const own = checkOf('delay_loop 20\nTCP_CHECK { delay_loop 30\nretry 0\nalpha off }', text)
  assert.deepEqual([own.interval, own.fall, own.initially], ['30s', 1, 'up'])
})

test('where a check asks stands where it is used; what each box has of its own in its half', () => {
  const { document } = imported(
    service(`TCP_CHECK { connect_ip 10.0.0.5
connect_port 81
bindto 10.0.0.254
bind_if eth1
fwmark 3 }`),
  )
  const { checks } = document.cluster.services['tcp:192.0.2.1:80']
  assert.deepEqual(checks, [{ check: 'tcp-check', address: '10.0.0.5', port: 81, mark: 3 }])
  assert.deepEqual(document.node.checks, {
    'tcp-check': { source: '10.0.0.254', interface: 'eth1' },
  })
})

test('pages of two hosts are two checks, hosts of SMTP two uses', () => {
  const { document } = imported(
    service(`HTTP_GET { url { path /a
virtualhost a.example }
url { path /b
virtualhost b.example } }
SMTP_CHECK { host { connect_ip 10.0.0.8
connect_port 25 }
host { connect_ip 10.0.0.9 } }`),
  )
  assert.deepEqual(document.cluster.services['tcp:192.0.2.1:80'].checks, [
    'http-get',
    'http-get-2',
    { check: 'smtp-check', address: '10.0.0.8', port: 25 },
    { check: 'smtp-check', address: '10.0.0.9' },
  ])
})

const replies: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['require_reply', ['', 'x'.repeat(255), 'a\nb'], ['x'.repeat(256)]],
  ['require_reply 41 x2 XX', ['A\x12\n', 'ABC', 'ABC more'], ['A\x13\n', '\nABC', 'A']],
  ['require_reply 4x\nmin_reply_length 2', ['AB', 'O\n'], ['A', 'PB']],
  ['require_reply\nmax_reply_length 3', ['abc', '\n\n\n'], ['abcd', 'a\nbc']],
]

for (const [words, good, bad] of replies) {
  test(`UDP_CHECK ${JSON.stringify(words)} as a regular expression`, () => {
    // As the probe does (probes/pattern.ts): with the flag m.
    const expression = new RegExp(checkOf(`UDP_CHECK { ${words} }`).expect, 'm')
    for (const text of good) assert.ok(expression.test(text), JSON.stringify(text))
    for (const text of bad) assert.ok(!expression.test(text), JSON.stringify(text))
  })
}

test('a port that direct routing does not change is only where the check asks', () => {
  const { document, findings } = imported(`virtual_server fwmark 7 {
lvs_method DR
real_server 10.0.0.1 8080 {
TCP_CHECK { }
PING_CHECK { }
}
real_server 10.0.0.2 8080 {
TCP_CHECK { connect_port 9090 }
}
}`)
  assert.deepEqual(document.cluster.services['mark-7'].servers, {
    '10.0.0.1:8080': {
      address: '10.0.0.1',
      checks: [{ check: 'tcp-check', port: 8080 }, 'ping-check'],
    },
    '10.0.0.2:8080': { address: '10.0.0.2', checks: [{ check: 'tcp-check', port: 9090 }] },
  })
  assert.match(textAt(findings, 3), /"direct" does not change ports: 8080/)
})

test('traps: no protocol, persistence_timeout 0, no checker, a quorum out of reach', () => {
  const { document, findings } = imported(`virtual_server 192.0.2.1 80 {
persistence_timeout 0
persistence_granularity 255.255.0.0
quorum 5
hysteresis 9
weight 2
real_server 10.0.0.1 80 {
}
real_server 10.0.0.2 80 { weight 0
inhibit_on_failure
uthreshold 10
lthreshold 5
notify_up "/bin/up now" root
lb_kind NAT
}
real_server 10.0.0.2 80 {
}
}`)
  assert.deepEqual(document.cluster.services['udp:192.0.2.1:80'], {
    virtual: ['192.0.2.1:80'],
    protocol: 'udp',
    quorum: 2,
    hysteresis: 0,
    checks: [],
    servers: {
      '10.0.0.1:80': { address: '10.0.0.1', port: 80, weight: 2 },
      '10.0.0.2:80': {
        ...{ address: '10.0.0.2', port: 80, weight: 0, inhibit: true },
        ...{ mostConnections: 10, resumeBelow: 5 },
        ...{ notifyUp: { command: ['/bin/up', 'now'], user: 'root' }, forwarding: 'nat' },
      },
    },
  })
  assert.match(textAt(findings, 1), /keepalived takes UDP then/)
  assert.match(textAt(findings, 2), /keepalived refuses 0/)
  assert.match(textAt(findings, 3), /there is no persistence_timeout/)
  assert.match(textAt(findings, 7), /whether it lives or not/)
  assert.match(textAt(findings, 16), /has this server already/)
})

test('groups, ranges, networks and marks; an address that no instance holds', () => {
  const { document, findings } = imported(`virtual_server_group WEB {
192.0.2.1 80
192.0.2.8/30 443
192.0.2.1-2 81
}
virtual_server_group MARKS { fwmark 7
fwmark 8 inet6 }
virtual_server_group NOBODY { 192.0.2.77 80 }
virtual_server group WEB { protocol TCP
real_server 10.0.0.1 { PING_CHECK { } } }
virtual_server group MARKS { lvs_method TUN type gre csum
lvs_sched sh
flag-1
sh-port
real_server 10.0.0.1 { PING_CHECK { } } }
virtual_server group WEBB { }
vrrp_instance A { interface eth0
virtual_router_id 1
virtual_ipaddress { 192.0.2.1
192.0.2.2 } }`)
  const { WEB, MARKS } = document.cluster.services
  assert.deepEqual(WEB.virtual, [
    '192.0.2.1:80',
    { address: '192.0.2.8-192.0.2.11', port: 443, held: false },
    '192.0.2.1-2:81',
  ])
  assert.deepEqual(MARKS.virtual, [{ mark: 7 }, { mark: 8, family: 'inet6' }])
  assert.deepEqual(MARKS.forwarding, { tunnel: 'gre', checksum: 'full' })
  assert.deepEqual(MARKS.schedulerFlags, ['sh-fallback', 'sh-port'])
  assert.match(textAt(findings, 3), /no vrrp_instance holds 192.0.2.8\/30/)
  assert.match(textAt(findings, 8), /no virtual_server names its group/)
  assert.match(textAt(findings, 16), /no virtual_server_group "WEBB": did you mean WEB/)
})

test('a thousand servers with one checker have one check', () => {
  const servers = Array.from(
    { length: 1000 },
    (_, index) => `real_server 10.0.${index >> 8}.${index & 255} 80 { TCP_CHECK { } }`,
  )
  const { document } = imported(
    `virtual_server 192.0.2.1 80 { protocol TCP\n${servers.join('\n')}\n}`,
  )
  assert.deepEqual(Object.keys(document.cluster.checks), ['tcp-check'])
  assert.deepEqual(document.cluster.services['tcp:192.0.2.1:80'].checks, ['tcp-check'])
})

test('an expression that is none of ours is said', () => {
  const { document, findings } = looked(service('HTTP_GET { url { path /\nregex "a(?>b)" } }'))
  assert.equal(only(document.cluster.checks).matches, undefined)
  assert.match(textAt(findings, 6), /unsupported: it is no regular expression of JavaScript/)
})
