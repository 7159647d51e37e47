import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imported, looked, textAt } from './keepalived-import-words.ts'

test('the first instance of every tutorial', () => {
  const { document, said } = imported(`vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 150
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    virtual_ipaddress {
        192.0.2.100/24
        192.0.2.101/24 dev eth1 label eth1:web
    }
}`)
  assert.deepEqual(document, {
    schemaVersion: 2,
    cluster: {
      routers: {
        VI_1: {
          interface: 'eth0',
          virtualRouterId: 51,
          virtualAddresses: [
            '192.0.2.100/24',
            { address: '192.0.2.101/24', interface: 'eth1', label: 'eth1:web' },
          ],
          version: 2,
          advertInterval: '1s',
          authentication: { password: '1111' },
          handover: 'after-skew',
          announce: { refresh: null },
        },
      },
    },
    node: { routers: { VI_1: { priority: 150 } } },
  })
  assert.deepEqual(said, ['1 translated', '2 translated'])
})

const instance = (more: string, name = 'A', id = 1) => `vrrp_instance ${name} {
interface eth0
virtual_router_id ${id}
${more}
}`

test('version 3, unicast, addresses of the other family, routes and rules', () => {
  const { document } = imported(
    instance(`version 3
advert_int 0.123
unicast_src_ip 10.0.0.1
unicast_peer { 10.0.0.2 min_ttl 254
10.0.0.3 }
virtual_ipaddress { 10.0.0.100/24 scope link }
virtual_ipaddress_excluded { 2001:db8::1/64 brd +
10.0.0.101 }
virtual_routes { default via 10.0.0.254 table 100
src 10.0.0.100 10.1.0.0/16 dev eth0 metric 5
blackhole 10.2.0.0/16 }
virtual_rules { from 10.0.0.0/8 lookup 100 pref 1000
fwmark 5 table main }
garp_master_delay 2
garp_master_repeat 3
garp_master_refresh 60
down_timer_adverts 5
use_vmac vrrp.1
v3_checksum_as_v2`),
  )
  assert.deepEqual(document.cluster.routers.A, {
    interface: 'eth0',
    virtualRouterId: 1,
    downAfter: 5,
    virtualMac: true,
    checksum: 'without-pseudo-header',
    virtualAddresses: [
      { address: '10.0.0.100/24', scope: 'link' },
      { address: '2001:db8::1/64', advertised: false },
      { address: '10.0.0.101/32', advertised: false },
    ],
    version: 3,
    advertInterval: '120ms',
    handover: 'after-skew',
    announce: { refresh: '1m', delay: '2s', repeat: 3 },
    unicast: { leastTtl: 254 },
    virtualRoutes: [
      { destination: 'default', gateway: '10.0.0.254', table: 100 },
      { destination: '10.1.0.0/16', interface: 'eth0', metric: 5, source: '10.0.0.100' },
    ],
    virtualRules: [
      { from: '10.0.0.0/8', table: 100, preference: 1000 },
      { mark: 5, table: 254, preference: 16_385 },
    ],
  })
  assert.deepEqual(document.node.routers.A, {
    source: '10.0.0.1',
    unicast: { peers: ['10.0.0.2', '10.0.0.3'] },
  })
})

test('IPv6 is version 3, whatever is written', () => {
  const { document, findings } = imported(
    instance('version 2\nvirtual_ipaddress { fe80::1\n2001:db8::1/64\n192.0.2.1 }'),
  )
  assert.equal(document.cluster.routers.A.version, 3)
  assert.match(textAt(findings, 4), /translated: IPv6 needs version 3/)
  assert.deepEqual(document.cluster.routers.A.virtualAddresses, [
    'fe80::1/128',
    '2001:db8::1/64',
    { address: '192.0.2.1/32', advertised: false },
  ])
  assert.match(textAt(findings, 7), /adverts have one family/)
})

test('the globals stand in each instance, wherever they are', () => {
  const { document } = imported(`${instance('virtual_ipaddress { 192.0.2.1 }')}
${instance('virtual_ipaddress { 192.0.2.2 }\ngarp_master_delay 1\ndown_timer_adverts 4', 'B', 2)}
global_defs {
  vrrp_version 3
  vrrp_garp_master_delay 7
  vrrp_garp_interval 0.01
  vrrp_down_timer_adverts 6
  vrrp_startup_delay 2.5
  vrrp_mcast_group4 224.0.0.20
  vrrp_notify_fifo /run/fifo
  vrrp_notify_priority_changes
  lvs_timeouts tcp 900 tcpfin 60
  lvs_sync_daemon eth1 A id 9 port 9000 ttl 2 group 224.0.0.82 maxlen 1000
}`)
  const { A, B } = document.cluster.routers
  assert.deepEqual(A.announce, { refresh: null, delay: '7s', spacing: '10ms' })
  assert.deepEqual(B.announce, { refresh: null, delay: '1s', spacing: '10ms' })
  assert.deepEqual([A.downAfter, B.downAfter], [6, 4])
  assert.deepEqual([A.version, A.startDelay, A.multicastGroup], [3, '2500ms', '224.0.0.20'])
  assert.deepEqual(document.cluster.notify, { fifo: '/run/fifo', priorityChanges: true })
  assert.deepEqual(document.cluster.director, {
    timeouts: { tcp: '15m', tcpFin: '1m' },
    sync: {
      ...{ router: 'A', id: 9, port: 9000, ttl: 2, group: '224.0.0.82', mostBytes: 1000 },
    },
  })
  assert.deepEqual(document.node.director, { sync: { interface: 'eth1' } })
})

test('traps: state MASTER with nopreempt, a long password, vrrp_strict, scripts', () => {
  const text = (more: string) => `vrrp_instance A {
state MASTER
interface eth0
virtual_router_id 1
nopreempt
authentication { auth_type PASS
auth_pass 123456789
}
virtual_ipaddress { 192.0.2.1 }
notify_master /usr/local/bin/tell master
notify_backup "/usr/local/bin/tell backup" root wheel
notify_fault tell
notify "/bin/echo hi > /tmp/x"
}
${more}`
  const { document, findings } = imported(text(''))
  const { A } = document.cluster.routers
  assert.equal(A.preempt, undefined)
  assert.match(textAt(findings, 5), /keepalived ignores nopreempt beside "state MASTER"/)
  assert.deepEqual(A.authentication, { password: '12345678' })
  assert.match(textAt(findings, 7), /has 8 characters in VRRPv2/)
  assert.deepEqual(document.cluster.notify.hooks, [
    { router: 'A', on: 'MASTER', command: ['/usr/local/bin/tell', 'master'] },
    { router: 'A', on: 'BACKUP', command: ['/usr/local/bin/tell', 'backup'], user: 'root' },
    { router: 'A', on: 'FAULT', command: ['/usr/bin/env', 'tell'] },
    { router: 'A', command: ['/bin/sh', '-c', '/bin/echo hi > /tmp/x'] },
  ])
  assert.match(textAt(findings, 10), /keepalived takes "master" for the user/)
  assert.match(textAt(findings, 11), /the group wheel is left out/)
  const strict = imported(text('global_defs { vrrp_strict }'))
  assert.equal(strict.document.cluster.routers.A.authentication, undefined)
  assert.match(textAt(strict.findings, 6), /vrrp_strict leaves passwords out/)
})

test('nopreempt and preempt_delay of a backup count', () => {
  const { document } = imported(
    instance('state BACKUP\nnopreempt\npreempt_delay 1.5\nvirtual_ipaddress { 192.0.2.1 }'),
  )
  assert.equal(document.cluster.routers.A.preempt, false)
  assert.equal(document.cluster.routers.A.preemptDelay, '1500ms')
})

test('auth_hmac', () => {
  const secret = '0123456789abcdef0123456789abcdef'
  const { document } = imported(
    instance(`virtual_ipaddress { 192.0.2.1 }
auth_hmac {
key 1 ${secret}
key 2 file:/etc/secret
active_key 1
mode permissive
time_window 10
anti_replay time
}`),
  )
  assert.deepEqual(document.cluster.routers.A.authentication, {
    hmac: { keys: [{ id: 1, secret }], activeKey: 1, mode: 'permissive', window: '10s' },
  })
})

test('trackers with their weights, of instances and of groups', () => {
  const { document, findings } = imported(`vrrp_script chk {
script "killall -0 nginx"
interval 0.5
timeout 2
rise 2
fall 3
weight -30
user nobody nogroup
init_fail
}
vrrp_script other { script "/bin/other" }
vrrp_track_process nginx { process /usr/sbin/nginx -g daemon
quorum 2
quorum_max 4
terminate_delay 0.25
weight 0 }
track_file wish { file /etc/wish
weight 300
init_file 5 overwrite }
vrrp_instance A { interface eth0
virtual_router_id 1
virtual_ipaddress { 192.0.2.1 }
track_interface { eth1 weight 10
eth2 }
track_script { chk
other
chkk }
track_process { nginx reverse }
track_file { wish }
track_bfd { far } }
vrrp_instance B { interface eth0
virtual_router_id 2
virtual_ipaddress { 192.0.2.2 } }
vrrp_sync_group G { group { A
B }
track_script { chk weight 5 }
notify_master "/bin/group" }`)
  const { trackers, routers, syncGroups, notify } = document.cluster
  assert.deepEqual(trackers, {
    chk: {
      ...{ kind: 'script', command: ['/usr/bin/env', 'killall', '-0', 'nginx'] },
      ...{ interval: '500ms', timeout: '2s', rise: 2, fall: 3, user: 'nobody' },
      initially: 'down',
    },
    other: { kind: 'script', command: ['/bin/other'] },
    nginx: {
      ...{ kind: 'process', program: 'nginx', arguments: ['-g', 'daemon'], least: 2, most: 4 },
      patience: '250ms',
    },
    wish: { kind: 'file', path: '/etc/wish', missing: 5 },
    eth1: { kind: 'interface', interface: 'eth1' },
    eth2: { kind: 'interface', interface: 'eth2' },
  })
  assert.deepEqual(routers.A.track, [
    { tracker: 'eth1', weight: 10 },
    { tracker: 'eth2', weight: null },
    { tracker: 'chk', weight: -30 },
    { tracker: 'other', weight: null },
    { tracker: 'nginx', weight: null, reverse: true },
    { tracker: 'wish', weight: 254 },
  ])
  assert.deepEqual(routers.B.track, [{ tracker: 'chk', weight: 5 }])
  assert.deepEqual(syncGroups, { G: { routers: ['A', 'B'] } })
  assert.deepEqual(notify.hooks, [{ syncGroup: 'G', on: 'MASTER', command: ['/bin/group'] }])
  assert.match(textAt(findings, 2), /kind "process" sees the end of the program at once/)
  assert.match(textAt(findings, 26), /a failure is a FAULT/)
  assert.match(textAt(findings, 27), /no script "chkk": did you mean chk/)
  assert.match(textAt(findings, 30), /routers track no BFD/)
})

test('a group of one is none', () => {
  const { document } = imported(`${instance('virtual_ipaddress { 192.0.2.1 }')}
vrrp_sync_group G { group { A }
notify "/bin/group" }`)
  assert.equal(document.cluster.syncGroups, undefined)
  assert.deepEqual(document.cluster.notify.hooks, [{ router: 'A', command: ['/bin/group'] }])
})

test('what our document refuses is said at the line it came from', () => {
  const { findings } = looked(
    instance('virtual_ipaddress { 192.0.2.1 }\npriority 100\nadvert_int 500') +
      instance('virtual_ipaddress { 192.0.2.1 }', 'B', 1),
  )
  const refused = findings.filter(({ outcome }) => outcome === 'refused')
  assert.deepEqual(
    refused.map(({ path, place }) => [path, place.line]),
    [
      ['cluster.routers.B.virtualRouterId', 9],
      ['cluster.routers.B.virtualAddresses[0]', 10],
    ],
  )
})
