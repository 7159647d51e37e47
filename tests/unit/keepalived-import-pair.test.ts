import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importPair } from '../../appliance/keepalived/import-pair.ts'
import { entriesOf, type Loose, valid } from './keepalived-import-words.ts'

const pair = (a: string, b: string) => {
  const { documents, findings } = importPair(entriesOf(a), entriesOf(b))
  const [one, other] = documents as readonly [Loose, Loose]
  const refused = findings.filter(({ outcome }) => outcome === 'refused')
  return { one, other, findings, refused }
}

const node = (more: string, name = 'VI_1') => `vrrp_instance ${name} {
virtual_router_id 51
virtual_ipaddress { 192.0.2.100/24 }
${more}
}`

test('two files become one cluster with two halves', () => {
  const { one, other, refused } = pair(
    node(`state MASTER
interface eth0
priority 150
unicast_src_ip 10.0.0.1
unicast_peer { 10.0.0.2 }`),
    node(`state BACKUP
interface ens3
priority 100
unicast_src_ip 10.0.0.2
unicast_peer { 10.0.0.1 }`),
  )
  assert.deepEqual(refused, [])
  for (const document of [one, other]) valid(document)
  assert.deepEqual(one.cluster, other.cluster)
  assert.equal(one.cluster.routers.VI_1.interface, undefined)
  assert.deepEqual(one.node.routers.VI_1, {
    ...{ priority: 150, source: '10.0.0.1', unicast: { peers: ['10.0.0.2'] }, interface: 'eth0' },
  })
  assert.deepEqual(other.node.routers.VI_1, {
    ...{ priority: 100, source: '10.0.0.2', unicast: { peers: ['10.0.0.1'] }, interface: 'ens3' },
  })
})

test('checks and the connection sync may leave by other interfaces', () => {
  const half = (own: string) => `global_defs { lvs_sync_daemon ${own} }
virtual_server 192.0.2.1 80 { protocol TCP
real_server 10.0.0.1 80 { TCP_CHECK { bind_if ${own} } } }`
  const { one, other, refused } = pair(half('eth1'), half('ens4'))
  assert.deepEqual(refused, [])
  assert.deepEqual(one.cluster, other.cluster)
  assert.deepEqual(
    [one, other].map(({ node: own }) => [own.checks['tcp-check'], own.director.sync]),
    [
      [{ interface: 'eth1' }, { interface: 'eth1' }],
      [{ interface: 'ens4' }, { interface: 'ens4' }],
    ],
  )
})

test('the number of a router tells who it is, in groups too', () => {
  const both = (names: readonly [string, string]) =>
    `${node('interface eth0', names[0])}
vrrp_instance ${names[1]} { interface eth1
virtual_router_id 52
virtual_ipaddress { 198.51.100.1 } }
vrrp_sync_group G { group { ${names[0]}
${names[1]} } }`
  const { one, other, findings, refused } = pair(both(['out', 'in']), both(['o', 'i']))
  assert.deepEqual(refused, [])
  assert.deepEqual(other.cluster, one.cluster)
  assert.deepEqual(other.cluster.syncGroups.G.routers, ['out', 'in'])
  assert.ok(findings.some(({ text }) => text.includes('the router "out" of the first file')))
})

test('what has to be the same and is not is refused, at the line of the second file', () => {
  const { one, other, refused } = pair(
    node('interface eth0\nadvert_int 1\nauthentication { auth_type PASS\nauth_pass secret-a }'),
    node(`interface eth0
advert_int 2
authentication { auth_type PASS
auth_pass secret-b }
track_interface { eth5 }`),
  )
  assert.deepEqual(
    refused.map(({ path, place }) => [path, place.line]),
    [
      ['cluster.routers.VI_1.advertInterval', 5],
      ['cluster.routers.VI_1.authentication.password', 6],
      ['cluster.routers.VI_1.track', 8],
      ['cluster.trackers', 1],
    ],
  )
  assert.match(refused[0]?.text ?? '', /"1s" in the first file, "2s" in the second/)
  assert.ok(refused.every(({ text }) => !text.includes('secret-')))
  assert.deepEqual(other.cluster, one.cluster)
})

test('the order of lines and of words says nothing', () => {
  const route = (words: string) => `virtual_routes { 10.0.0.0/8 ${words} }`
  const { refused } = pair(
    node(`interface eth0
version 3
${route('via 192.0.2.9 dev eth0')}`),
    node(`${route('dev eth0 via 192.0.2.9')}
version 3
interface eth0`),
  )
  assert.deepEqual(refused, [])
})

test('a difference is named where it is, with both values, in lists too', () => {
  const address = (last: string) => `vrrp_instance V {
interface eth0
virtual_router_id 51
virtual_ipaddress {
192.0.2.99/24
192.0.2.100/24 dev eth1 ${last}
}
}`
  const { refused } = pair(address('label eth1:one'), address('label eth1:two'))
  assert.deepEqual(
    refused.map(({ path, place }) => [path, place.line]),
    [['cluster.routers.V.virtualAddresses[1].label', 6]],
  )
  assert.match(refused[0]?.text ?? '', /^"eth1:one" in the first file, "eth1:two" in the second;/)

  const lists = (more: string) => address('').replace('192.0.2.99/24', `192.0.2.99/24\n${more}`)
  const [longer] = pair(lists('192.0.2.7'), lists('')).refused
  assert.equal(longer?.path, 'cluster.routers.V.virtualAddresses')
  assert.match(longer?.text ?? '', /^only the first file has "192\.0\.2\.7\/32"; it has to be/)
})

test('"dev" of addresses may be the interface that the router has on each node', () => {
  const router = (own: string, dev: string) =>
    node(`interface ${own}`).replace('192.0.2.100/24', `192.0.2.100/24 dev ${dev}`)
  const { one, other, refused } = pair(router('eth0', 'eth0'), router('ens3', 'ens3'))
  assert.deepEqual(refused, [])
  assert.deepEqual(other.cluster, one.cluster)
  const [finding] = pair(router('eth0', 'eth1'), router('ens3', 'ens4')).refused
  assert.match(finding?.text ?? '', /"eth1" in the first.*leave "dev" out where the address is on/)
})
