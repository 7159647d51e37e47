import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imported, looked, textAt } from './keepalived-import-words.ts'

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

const server = (lines: string) => `virtual_server 192.0.2.1 80 {
real_server 10.0.0.1 80 {
${lines}
}
}`

/** keepalived -t says something about each of them: the line is not simply applied. */
const unread: readonly (readonly [conf: string, line: number, said: RegExp])[] = [
  [instance('authentication { auth_type PAS\nauth_pass x }'), 5, /PASS or AH, not "PAS"/],
  [instance('authentication { auth_type pass\nauth_pass x }'), 6, /uses no password without/],
  [instance('authentication { auth_pass x }'), 5, /uses no password without "auth_type PASS"/],
  [instance('state MASTERR'), 5, /MASTER or BACKUP, not "MASTERR"/],
  [instance('mcast_dst_ip 10.0.0.1'), 5, /"10.0.0.1" is no multicast address/],
  ['global_defs { vrrp_mcast_group4 10.0.0.1 }', 1, /"10.0.0.1" is no multicast address/],
  [instance('virtual_ipaddress_excluded { 192.0.2.9 dev }'), 5, /the name of an interface/],
  [service('lb_algo WRR'), 2, /not "WRR": wlc stays/],
  [service('lb_kind dr'), 2, /not "dr": NAT stays/],
  [service('lb_kind TUN type foo'), 2, /ipip, gre or gue, not "foo"/],
  [service('lb_kind TUN type gre port 99999'), 2, /from 1 to 65535, not "99999"/],
  [service('ip_family foo'), 2, /inet or inet6, not "foo"/],
  [service('persistence_engine sipp'), 2, /sip, not "sipp"/],
  ['virtual_server fwmark 7 foo { real_server 10.0.0.1 { } }', 1, /inet or inet6, not "foo"/],
  [server('HTTP_GET {\nhttp_protocol 2\n}'), 4, /1.0C or 1.1, not "2"/],
  [server('HTTP_GET {\nurl {\ndigest xyz\n}\n}'), 5, /"xyz" are not 32 hexadecimal digits/],
  [server('DNS_CHECK {\ntype ZZ\n}'), 4, /not "ZZ": SOA stays/],
]

for (const [conf, line, said] of unread) {
  test(`a value that keepalived minds: ${conf.replaceAll('\n', ' ')}`, () => {
    const { findings, document } = imported(conf)
    assert.match(textAt(findings, line), said)
    assert.equal(document.cluster?.routers?.V?.authentication, undefined)
  })
}

test('what has no default is refused at its line, once', () => {
  for (const [written, line] of [
    ['virtual_router_id 0', 3],
    ['interface', 2],
  ] as const) {
    const keyword = written.split(' ')[0]
    const refused = looked(
      instance('').replace(new RegExp(`${keyword} .*`), written),
    ).findings.filter(({ outcome }) => outcome === 'refused')
    assert.deepEqual(
      refused.map(each => [each.place.line, each.keyword]),
      [[line, keyword]],
    )
    assert.match(refused[0]?.text ?? '', /a router needs one/)
  }
})

test('paths are written as those of the document', () => {
  const { findings } = imported(
    `${instance('')}\nvirtual_server 192.0.2.1 80 {\nprotocol TCP\n` +
      'real_server 10.0.0.1 80 { weight 2 }\n}',
  )
  const paths = findings.map(({ path }) => path)
  assert.ok(paths.includes('cluster.routers.V.virtualAddresses[0]'))
  assert.ok(
    paths.includes('cluster.services["tcp:192.0.2.1:80"].servers["10.0.0.1:80"].weight'),
    paths.join('\n'),
  )
})

test('findings name the keyword of their line', () => {
  const { findings } = looked('global_defs {\nvrrp_iptables\n}')
  assert.deepEqual(
    findings.map(({ keyword }) => keyword),
    ['global_defs', 'vrrp_iptables'],
  )
})

test('dev is left out where it is the interface of the router', () => {
  const addresses = (more: string) =>
    imported(
      `vrrp_instance V {\nvirtual_ipaddress {\n192.0.2.1 dev eth0\n192.0.2.2 dev eth1\n}
interface eth0\nvirtual_router_id 51\n${more}\n}`,
    ).document.cluster.routers.V.virtualAddresses
  assert.deepEqual(addresses('').slice(0, 1), ['192.0.2.1/32'])
  assert.equal(addresses('')[1].interface, 'eth1')
  assert.equal(addresses('use_vmac')[0].interface, 'eth0')
})
