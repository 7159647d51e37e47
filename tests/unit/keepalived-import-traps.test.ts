import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importKeepalived } from '../../appliance/keepalived/import.ts'
import { languageFindings } from '../../appliance/keepalived/import-finding.ts'
import { importPair } from '../../appliance/keepalived/import-pair.ts'
import { entriesOf, imported, looked, textAt } from './keepalived-import-words.ts'
import { parsed } from './keepalived-words.ts'

const instance = (lines: string) => `vrrp_instance V {
interface eth0
virtual_router_id 51
virtual_ipaddress { 192.0.2.1 }
${lines}
}`

const service = (lines: string) => `virtual_server 192.0.2.1 80 {
${lines}
real_server 10.0.0.1 80 { TCP_CHECK { connect_timeout 3 } }
}`

/** What keepalived does with it is not what most people think: it is explained at its line. */
const traps: readonly (readonly [name: string, conf: string, line: number, said: RegExp])[] = [
  [
    'two keywords in one line',
    instance('version 3 priority 7\npriority 5 nopreempt\ndown_timer_adverts 3 state'),
    6,
    /"nopreempt" behind it is left out/,
  ],
  [
    'two keywords in one line, of which the first has a word of a few',
    service('protocol TCP delay_loop 5'),
    2,
    /"delay_loop" behind it is left out: a line has one keyword/,
  ],
  [
    'a password behind its kind',
    instance('authentication {\nauth_type PASS auth_pass 1234\n}'),
    6,
    /"auth_pass" behind it is left out/,
  ],
  ['no protocol', service('delay_loop 5'), 1, /no "protocol", and keepalived takes UDP/],
  ['no delay_loop', service('protocol TCP'), 1, /without "delay_loop" .* once in a minute/],
  ['persistence_timeout 0', service('persistence_timeout 0'), 2, /keepalived refuses 0/],
  ['a quorum out of reach', service('quorum 2'), 2, /weigh 1: the quorum 2 is 1 here/],
  [
    'a long password',
    instance('authentication { auth_type PASS\nauth_pass longer-than-8 }'),
    6,
    /has 8 characters in VRRPv2: the rest is cut off/,
  ],
  ['state MASTER', instance('state MASTER\npriority 100'), 5, /below 255 keepalived does not/],
  ['nopreempt with it', instance('state MASTER\nnopreempt'), 6, /ignores nopreempt beside/],
  ['preempt_delay with it', instance('state MASTER\npreempt_delay 9'), 6, /ignores preempt_delay/],
  ['vrrp_strict', 'global_defs { vrrp_strict }', 1, /drops passwords, unicast peers and/],
  [
    'what a tracked script without a weight does',
    `vrrp_script s { script /bin/true }\n${instance('track_script { s }')}`,
    6,
    /without a weight a failure is a FAULT/,
  ],
  [
    'a word behind a notify script',
    instance('notify_master /bin/tell MASTER'),
    5,
    /takes "MASTER" for the user/,
  ],
  [
    'a port that direct routing does not change',
    'virtual_server 192.0.2.1 80 {\nprotocol TCP\nlb_kind DR\nreal_server 10.0.0.1 8080 {\n}\n}',
    4,
    /"direct" does not change ports/,
  ],
  [
    'a server that nobody asks',
    'virtual_server 192.0.2.1 80 {\nreal_server 10.0.0.1 80 { }\n}',
    2,
    /whether it lives or not/,
  ],
]

for (const [name, conf, line, said] of traps) {
  test(`trap: ${name}`, () => {
    assert.match(textAt(looked(conf).findings, line), said)
  })
}

const script = (command: string) => `vrrp_script s {\nscript ${JSON.stringify(command)}\n}`

for (const command of [
  '/usr/bin/killall keepalived',
  'pidof nginx || pkill -9 keepalived',
  'killall -0 nginx || systemctl stop keepalived.service',
  'service keepalived stop',
  '/etc/init.d/keepalived restart',
]) {
  test(`trap: a check that ends keepalived: ${command}`, () => {
    assert.match(
      textAt(looked(script(command)).findings, 2),
      /it ends keepalived, which is not here/,
    )
  })
}

for (const command of ['killall -0 keepalived', '/etc/keepalived/stop-me.sh', 'pidof keepalived']) {
  test(`a check that ends nothing: ${command}`, () => {
    assert.doesNotMatch(textAt(looked(script(command)).findings, 2), /ends keepalived/)
  })
}

test('trap: a check whose file ends keepalived', () => {
  const entries = entriesOf(script('/etc/keepalived/check.sh eth0'))
  const readScript = (path: string) =>
    path === '/etc/keepalived/check.sh' ? '#!/bin/sh\nping -c1 $1 ||\n  pkill keepalived\n' : null
  const { findings } = importKeepalived(entries, { readScript })
  assert.match(textAt(findings, 2), /check\.sh ends keepalived/)
})

const node = (lines: string) => entriesOf(instance(lines))

const pairSaid = (one: string, other: string): readonly string[] =>
  importPair(node(one), node(other)).findings.map(({ place, text }) => `${place.line}: ${text}`)

test('traps of two files: both say MASTER, both have one priority', () => {
  const said = pairSaid('state MASTER\npriority 150', 'state MASTER\npriority 100')
  assert.ok(said.some(text => /^5: both files say MASTER.* prefers that of the first/.test(text)))
  assert.ok(!said.some(text => text.includes('have the priority')))
  const equal = pairSaid('state MASTER', 'state BACKUP')
  assert.ok(equal.some(text => /^1: both boxes have the priority 100/.test(text)))
  assert.ok(!equal.some(text => text.includes('both files say')))
})

test('traps of two files: what makes both of them master', () => {
  const password = (text: string) => `authentication { auth_type PASS\nauth_pass ${text} }`
  for (const [one, other] of [
    ['advert_int 1', 'advert_int 2'],
    ['version 2', 'version 3'],
    [password('a'), password('b')],
  ] as const) {
    const said = pairSaid(one, other)
    assert.ok(
      said.some(text => text.includes('both would be master')),
      said.join('\n'),
    )
  }
})

test('traps of two files: one number for two routers', () => {
  const other = entriesOf(instance('').replace('V {', 'W {').replace('192.0.2.1', '192.0.2.9'))
  const { findings } = importPair(node(''), other)
  assert.ok(
    findings.some(
      ({ outcome, path }) => outcome === 'refused' && path?.endsWith('V.virtualAddresses[0]'),
    ),
  )
})

test('more addresses than an advert has room for: the others are not in it', () => {
  const lines = Array.from({ length: 300 }, (_, index) => `10.1.${index >> 8}.${index & 255}`)
  const { document, findings } = imported(`vrrp_instance V {
interface eth0
virtual_router_id 51
virtual_ipaddress {
${lines.join('\n')}
}
}`)
  const { virtualAddresses } = document.cluster.routers.V
  assert.equal(virtualAddresses.length, 300)
  assert.equal(virtualAddresses[254], '10.1.0.254/32')
  assert.deepEqual(virtualAddresses[255], { address: '10.1.0.255/32', advertised: false })
  assert.match(textAt(findings, 260), /room for 255 addresses/)
})

test('lines without an entry have a finding too: definitions, includes, lines for others', () => {
  const files = { '/etc/keepalived/more.conf': 'global_defs { router_id x }' }
  const file = parsed('$A=5\n@one vrrp_script a { script /a }\n@two $B=6\ninclude more.conf', {
    id: 'one',
    files,
  })
  assert.deepEqual(
    languageFindings(file, true).map(({ place, outcome, text }) => [place.line, outcome, text]),
    [
      [1, 'applied', ''],
      [3, 'ignored', 'this box is one: the line is not for it'],
      [4, 'applied', ''],
    ],
  )
})

test('servers with the same words in their checker have the same said of them', () => {
  const checker = 'HTTP_GET {\nurl {\npath /\n}\nretry 2\nfast_recovery\n}'
  const server = (last: number) => `real_server 10.0.0.${last} 80 {\n${checker}\n}`
  const { findings, document } = imported(`virtual_server 192.0.2.1 80 {
protocol TCP
${server(1)}
${server(2)}
}`)
  const linesOf = (first: number) =>
    findings
      .filter(({ place }) => place.line > first && place.line < first + 8)
      .map(({ place, outcome, text, path }) => [place.line - first, outcome, text, path])
  assert.deepEqual(linesOf(12), linesOf(3))
  assert.equal(linesOf(3).length, 5)
  assert.deepEqual(Object.keys(document.cluster.checks), ['http-get'])
})
