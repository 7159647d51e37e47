import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOf } from '../../appliance/config/parts.ts'
import { vrrpGuardRules } from '../../appliance/network/vrrp-guard.ts'
import { accepted, pair } from './config/pair.ts'

const text = (parts: object): string | null => {
  const { vrrpGuard } = partsOf(accepted(pair(parts))).network
  return vrrpGuard && vrrpGuardRules(vrrpGuard)
}

const services = {
  shop: { virtual: ['192.0.2.100:80'], servers: { one: '198.51.100.11:80' } },
}

test('nothing to guard: no table', () => assert.equal(text({ cluster: { services } }), null))

test('a unicast router: a few packets of strangers a second, and all of its peers', () => {
  const peers = { unicast: { peers: ['192.0.2.2', '192.0.2.3'] } }
  const rules = text({ router: peers })
  const [line = ''] = /^.* saddr .*$/m.exec(rules ?? '') ?? []
  assert.equal(
    line.trim(),
    'iifname "eth0" meta nfproto ipv4 meta l4proto 112 @th,8,8 51 ' +
      'ip saddr != { 192.0.2.2, 192.0.2.3 } limit rate over 10/second counter name strangers drop',
  )
  assert.doesNotMatch(rules ?? '', /goto closed/)
  const own = { routers: { VI_1: { unicast: { peers: ['192.0.2.7'] } } } }
  assert.match(text({ router: { unicast: {} }, node: own }) ?? '', /ip saddr != \{ 192\.0\.2\.7 \}/)
})

test('"accept": false: services, what tells of them, neighbour discovery, and nothing else', () => {
  assert.equal(
    text({ router: { accept: false }, cluster: { services } }),
    `table inet diarch_vrrp
delete table inet diarch_vrrp
table inet diarch_vrrp {
  counter strangers { }
  counter closed { }
  set ports4 { type ipv4_addr . inet_proto . inet_service; elements = { 192.0.2.100 . 6 . 80 }; }
  set whole4 { type ipv4_addr . inet_proto; }
  set ports6 { type ipv6_addr . inet_proto . inet_service; }
  set whole6 { type ipv6_addr . inet_proto; }
  chain closed {
    ip daddr . meta l4proto . th dport @ports4 accept
    ip6 daddr . meta l4proto . th dport @ports6 accept
    ip daddr . meta l4proto @whole4 accept
    ip6 daddr . meta l4proto @whole6 accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    icmp type { destination-unreachable, time-exceeded, parameter-problem } accept
    icmpv6 type { destination-unreachable, packet-too-big } accept
    icmpv6 type { time-exceeded, parameter-problem } accept
    frag frag-off != 0 accept
    counter name closed drop
  }
  chain input {
    type filter hook input priority filter - 10; policy accept;
    iif lo accept
    ip daddr { 192.0.2.100 } goto closed
  }
}
`,
  )
})

test('services by a mark come in too, and addresses of both families are closed', () => {
  const router = {
    accept: false,
    virtualAddresses: ['192.0.2.100/24', { address: '2001:db8::100/64', advertised: false }],
  }
  const byMark = { marked: { virtual: [{ mark: 7 }], servers: { one: '198.51.100.11:80' } } }
  const rules = text({ router, cluster: { services: byMark } })
  assert.match(rules ?? '', /^ {4}ip6 daddr \{ 2001:db8::100 \} goto closed$/m)
  assert.match(rules ?? '', /^ {4}meta mark \{ 7 \} accept$/m)
})
