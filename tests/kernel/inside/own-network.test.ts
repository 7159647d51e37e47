import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { networkWish } from '../../../appliance/config/network-wish.ts'
import { putAddress } from '../../../appliance/linux/netlink/address-message.ts'
import { NetlinkSocket } from '../../../appliance/linux/netlink/socket.ts'
import { type NetworkReport, OwnNetwork } from '../../../appliance/linux/own-network.ts'
import { ourOrigin } from '../../../appliance/linux/virtual-addresses.ts'
import { noNetwork } from '../../../appliance/network/wish.ts'
import { seconds } from '../../../appliance/values/duration.ts'
import { parsePrefix } from '../../../appliance/values/prefix.ts'
import { accepted } from '../../unit/config/pair.ts'

// As etc/sysctl.conf of the image has it.
writeFileSync('/proc/sys/net/ipv4/conf/all/promote_secondaries', '1')

const ip = (line: string): string => execFileSync('ip', line.split(' '), { encoding: 'utf8' })

const wish = (network: object) =>
  networkWish(accepted({ schemaVersion: 2, cluster: {}, node: { network } })) ?? noNetwork

/** As vrrpd has it. */
function addVirtual(text: string, device: string): void {
  const netlink = NetlinkSocket.open('route')
  const interfaceIndex = Number(readFileSync(`/sys/class/net/${device}/ifindex`, 'utf8'))
  const wish = { label: null, scope: 'global', lease: seconds(60), origin: ourOrigin } as const
  const [error] = netlink.perform([
    putAddress({ ...wish, interfaceIndex, prefix: parsePrefix(text)! }),
  ])
  netlink.close()
  assert.equal(error, null)
}

/** A box with three ports and cables in them. */
function box(t: TestContext) {
  const own = new OwnNetwork()
  for (const n of [1, 2, 3]) {
    ip(`link add port${n} type veth peer name wall${n}`)
    ip(`link set wall${n} up`)
  }
  t.after(() => {
    own.keep(noNetwork)
    own.close()
    for (const n of [1, 2, 3]) ip(`link del port${n}`)
  })
  return { keep: (network: object): NetworkReport => own.keep(wish(network)), own }
}

const nothing: NetworkReport = { changes: [], refused: [], missing: [] }

const office = {
  interfaces: {
    port1: {},
    port2: {},
    port3: { addresses: ['203.0.113.9/24'], mtu: 1400, ipv6: 'static' },
    lan: { bond: { members: ['port1', 'port2'] }, addresses: ['198.51.100.2/24'] },
    'lan.20': {
      vlan: { parent: 'lan', id: 20 },
      addresses: ['192.0.2.10/24', '192.0.2.11/24', '2001:db8::10/64'],
    },
  },
  routes: [
    { destination: 'default', gateway: '192.0.2.1' },
    { destination: '2001:db8:1::/48', gateway: '2001:db8::1', metric: 50 },
  ],
}

test('a bond, a VLAN on it, addresses and routes come, and are then left alone', t => {
  const { keep } = box(t)
  assert.deepEqual(keep(office).refused, [])
  assert.deepEqual(keep(office), nothing)

  const bond = ip('-details link show lan')
  assert.match(bond, /bond mode active-backup .*miimon 100 .*xmit_hash_policy layer2 /)
  assert.match(ip('link show port2'), /master lan .*state UP/)
  assert.match(ip('-details link show lan.20'), /lan\.20@lan: .*UP.*vlan protocol 802\.1Q id 20/s)
  assert.match(ip('address show lan.20'), /inet 192\.0\.2\.10\/24 /)
  assert.match(ip('link show port3'), /mtu 1400 .*UP/)
  assert.match(ip('route show proto 113'), /default via 192\.0\.2\.1 dev lan\.20/)
  assert.match(
    ip('-6 route show proto 113'),
    /2001:db8:1::\/48 via 2001:db8::1 dev lan\.20 metric 50/,
  )
  // A source for connections of the box's own, other than a virtual address.
  assert.doesNotMatch(ip('-6 address show lan.20'), /2001:db8::10\/64 .*deprecated/)
  const setting = (name: string) => readFileSync(`/proc/sys/net/ipv6/conf/${name}`, 'utf8').trim()
  assert.equal(setting('port3/accept_ra'), '0')
  assert.equal(setting('lan.20/accept_ra'), '2')
})

test('what somebody takes away by hand comes back', t => {
  const { keep } = box(t)
  keep(office)
  ip('route del default')
  ip('address del 192.0.2.10/24 dev lan.20')
  ip('link set port2 nomaster')
  ip('link set port3 down')
  assert.deepEqual(keep(office).refused, [])
  assert.deepEqual(keep(office), nothing)
  assert.match(ip('link show port2'), /master lan /)
  assert.match(ip('address show lan.20'), /192\.0\.2\.10\/24/)

  ip('link del lan')
  assert.deepEqual(keep(office).refused, [])
  assert.deepEqual(keep(office), nothing)
  assert.match(ip('route show proto 113'), /default via 192\.0\.2\.1 dev lan\.20/)
})

test('another document takes away what was ours, and nothing else', t => {
  const { keep, own } = box(t)
  const mtu = /mtu \d+/.exec(ip('link show port3'))?.[0]
  keep(office)
  addVirtual('192.0.2.100/24', 'lan.20')
  ip('link add theirs type dummy')
  ip('address add 203.0.113.77/24 dev port3')
  t.after(() => ip('link del theirs'))
  ip('link set theirs up')
  ip('route add 10.9.0.0/16 dev theirs')

  const less = {
    interfaces: { ...office.interfaces, 'lan.20': { vlan: { parent: 'lan', id: 21 } } },
  }
  keep({ ...less, routes: [] })
  assert.match(ip('-details link show lan.20'), /id 21/)
  assert.equal(ip('route show proto 113'), '')
  assert.doesNotMatch(ip('address show lan.20'), /inet /)

  own.keep(noNetwork)
  assert.throws(() => ip('link show lan'))
  assert.throws(() => ip('link show lan.20'))
  assert.ok(ip('link show port3').includes(mtu ?? '?'), 'the MTU is what it was')
  assert.match(ip('address show port3'), /203\.0\.113\.77\/24/)
  assert.doesNotMatch(ip('address show port3'), /203\.0\.113\.9\/24/)
  assert.match(ip('route show'), /10\.9\.0\.0\/16 dev theirs/)
  const listens = readFileSync('/proc/sys/net/ipv6/conf/port3/accept_ra', 'utf8').trim()
  assert.equal(listens, '1')
})

test('a virtual address beside the own one of its network stays when the own one changes', t => {
  const { keep } = box(t)
  const at = (address: string) => ({ interfaces: { port1: { addresses: [address] } } })
  keep(at('192.0.2.10/24'))
  addVirtual('192.0.2.100/24', 'port1')
  keep(at('192.0.2.12/24'))
  assert.match(ip('address show port1'), /192\.0\.2\.100\/24/)
  assert.match(ip('address show port1'), /192\.0\.2\.12\/24/)
  assert.doesNotMatch(ip('address show port1'), /192\.0\.2\.10\/24/)
})

test('an IPv6 address that another box has is told, not fought over', t => {
  const { keep, own } = box(t)
  ip('address add 2001:db8::10/64 dev wall1 nodad')
  const network = { interfaces: { port1: { addresses: ['2001:db8::10/64'], ipv6: 'static' } } }
  keep(network)
  const hasLost = () => ip('-6 address show dev port1 dadfailed').includes('2001:db8::10')
  for (const end = Date.now() + 60_000; !hasLost(); ) assert.ok(Date.now() < end, 'it has not lost')
  const { changes, refused } = keep(network)
  assert.deepEqual(changes, [])
  assert.match(refused.join(), /^2001:db8::10\/64 on port1: another box has this address/)

  ip('address del 2001:db8::10/64 dev wall1')
  assert.deepEqual(own.keep(wish(network), { anew: true }).refused, [])
  const isUsable = () =>
    /2001:db8::10\/64 scope global (?!.*(tentative|dadfailed))/.test(
      ip('-6 address show dev port1'),
    )
  for (const end = Date.now() + 60_000; !isUsable(); ) assert.ok(Date.now() < end, 'it is not used')
  assert.deepEqual(keep(network), nothing)
})

test('a bridge of two ports, and LACP', t => {
  const { keep } = box(t)
  const bridged = {
    interfaces: {
      port1: {},
      port2: {},
      port3: {},
      wall: { bridge: { members: ['port1', 'port2'] }, addresses: ['192.0.2.1/24'] },
      trunk: {
        bond: { members: ['port3'], mode: '802.3ad', lacpRate: 'fast', transmitHash: 'layer3+4' },
      },
    },
  }
  assert.deepEqual(keep(bridged).refused, [])
  assert.deepEqual(keep(bridged), nothing)
  assert.match(ip('link show port1'), /master wall /)
  const trunk = ip('-details link show trunk')
  assert.match(trunk, /mode 802\.3ad .*xmit_hash_policy layer3\+4 .*lacp_rate fast/)
})

test('a port that is missing is waited for; the rest is done', t => {
  const { keep } = box(t)
  const network = {
    interfaces: { port1: { addresses: ['192.0.2.10/24'] }, port9: { addresses: ['10.0.0.1/8'] } },
  }
  const first = keep(network)
  assert.deepEqual([first.refused, first.missing], [[], ['port9']])
  ip('link add port9 type dummy')
  t.after(() => ip('link del port9'))
  assert.deepEqual(keep(network).missing, [])
  assert.match(ip('address show port9'), /UP.*10\.0\.0\.1\/8/s)
})

test('the kernel says in its own words what it refuses, and no name is taken from others', t => {
  const { keep } = box(t)
  ip('link add lan type dummy')
  t.after(() => ip('link del lan'))
  const { refused } = keep({
    interfaces: {
      port1: {},
      port2: { dhcp: true },
      port3: { addresses: ['203.0.113.9/24'] },
      'port3.7': { vlan: { parent: 'port3', id: 7 }, mtu: 9000 },
      lan: { bond: { members: ['port1'] } },
    },
    routes: [{ destination: 'default', gateway: '192.0.2.1' }],
  })
  assert.equal(refused.length, 3)
  assert.match(
    refused.join('\n'),
    /^RTM_SETLINK on port3.7 \(mtu 9000\): .*takes no packets of that size/m,
  )
  assert.match(refused.join('\n'), /^lan: an interface of that name is there/m)
  assert.match(
    refused.join('\n'),
    /^RTM_NEWROUTE on default .*gateway is on no network of this box/m,
  )
})
