import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOf } from '../../appliance/config/parts.ts'
import { firewallRules } from '../../appliance/network/firewall.ts'
import { accepted, pair } from './config/pair.ts'

const text = (parts: object): string | null => {
  const { firewall } = partsOf(accepted(pair(parts))).network
  return firewall && firewallRules({ ...firewall, webPort: 443, pairPort: 4343 })
}

const shop = (virtual: readonly string[], more: object = {}) => ({
  services: { shop: { virtual, servers: { one: '198.51.100.11:80' }, ...more } },
})

test('without a service: VRRP, ICMP, DHCP, answers and the page, and all else is counted', () => {
  assert.equal(
    text({}),
    `table inet diarch_firewall
delete table inet diarch_firewall
table inet diarch_firewall {
  counter refused { }
  set ports4 { type ipv4_addr . inet_proto . inet_service; }
  set whole4 { type ipv4_addr . inet_proto; }
  set ports6 { type ipv6_addr . inet_proto . inet_service; }
  set whole6 { type ipv6_addr . inet_proto; }
  chain input {
    type filter hook input priority filter; policy drop;
    iif lo accept
    tcp flags & (syn | ack) != syn accept
    ip daddr . meta l4proto . th dport @ports4 accept
    ip6 daddr . meta l4proto . th dport @ports6 accept
    ip daddr . meta l4proto @whole4 accept
    ip6 daddr . meta l4proto @whole6 accept
    meta l4proto { 1, 2, 58, 112 } accept
    udp sport 67 udp dport 68 accept
    udp dport 32768-60999 accept
    frag frag-off != 0 accept
    tcp dport 4343 accept
    udp dport 4343 accept
    tcp dport 443 accept
    counter name refused
  }
}
`,
  )
})

test('what the services balance comes in, of each family by its own set', () => {
  const rules = text({ cluster: shop(['192.0.2.100:80', '192.0.2.100:443']) })
  assert.match(
    rules!,
    /set ports4 .* elements = \{ 192\.0\.2\.100 \. 6 \. 443, 192\.0\.2\.100 \. 6 \. 80 \};/,
  )
  assert.match(rules!, /set ports6 \{ type ipv6_addr \. inet_proto \. inet_service; \}/)
  const router = { family: 'inet6', virtualAddresses: ['fe80::1/64', '2001:db8::1/64'] }
  const six = { virtual: ['[2001:db8::1]:80'], servers: { one: '[2001:db8::2]:80' } }
  const inet6 = text({ router, cluster: { services: { six } } })
  assert.match(inet6!, /set ports6 .* elements = \{ 2001:db8::1 \. 6 \. 80 \};/)
  const other = text({ cluster: shop(['192.0.2.100:53'], { protocol: 'udp' }) })
  assert.match(other!, /elements = \{ 192\.0\.2\.100 \. 17 \. 53 \};/)
})

test('connection sync, BFD and heartbeats come in where they are used', () => {
  const director = { sync: { interface: 'eth0', port: 9000, channels: 3 } }
  assert.match(text({ cluster: { director } })!, /^ {4}udp dport 9000-9002 accept$/m)
  const checks = { path: { kind: 'bfd' } }
  assert.match(text({ cluster: { checks } })!, /^ {4}udp dport \{ 3784, 4784 \} accept$/m)
  const guard = { secret: 'x'.repeat(32) }
  const heartbeats = { beside: { interface: 'eth1', peer: '198.51.100.2' } }
  const heard = text({ cluster: { guard }, node: { heartbeats } })
  assert.match(heard!, /^ {4}udp dport \{ 9694 \} accept$/m)
})

test('the page is reached by the interfaces and from the networks of the management alone', () => {
  const management = { interfaces: ['eth0', 'eth1'], networks: ['192.0.2.0/24', '2001:db8::/32'] }
  const lines = text({ node: { firewall: { management } } })!.match(/^.*dport 443.*$/gm)
  assert.deepEqual(lines, [
    '    iifname { "eth0", "eth1" } ip saddr { 192.0.2.0/24 } tcp dport 443 accept',
    '    iifname { "eth0", "eth1" } ip6 saddr { 2001:db8::/32 } tcp dport 443 accept',
  ])
})

test('none where the document says so', () => {
  assert.equal(text({ node: { firewall: { enabled: false } } }), null)
})

test('SNMP comes in where somebody may ask, and from there only', () => {
  const communities = { old: { secret: 'readers' } }
  const listen = { interfaces: ['mgmt'], networks: ['192.0.2.0/24'], port: 1161 }
  assert.doesNotMatch(text({ cluster: { snmp: { listen } } })!, /1161/)
  const rules = text({ cluster: { snmp: { communities, listen } } })
  assert.match(rules!, /iifname \{ "mgmt" \} ip saddr \{ 192\.0\.2\.0\/24 \} udp dport 1161 accept/)
  assert.match(text({ cluster: { snmp: { communities } } })!, /^ {4}udp dport 161 accept$/m)
})
