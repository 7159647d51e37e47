import * as z from 'zod'
import { virtualAddress, virtualRoute, virtualRule } from './address-schema.ts'
import { authentication } from './authentication-schema.ts'
import {
  choice,
  duration,
  flag,
  integer,
  interfaceName,
  ipAddress,
  multicastAddress,
  nameOf,
} from './leaves.ts'
import { key } from './meta.ts'

const peers = z.array(ipAddress)

const unicast = z
  .strictObject({
    peers: key(peers.optional(), 'The addresses of the other boxes.', {
      keepalived: ['unicast_peer'],
      otherwise: 'those in the half of this box',
    }),
    ttl: key(integer(1, 255).prefault(255), 'TTL or hop limit of our adverts.', {
      keepalived: ['unicast_ttl'],
    }),
    leastTtl: key(
      integer(1, 255).prefault(255),
      'Adverts that arrive with less are dropped. 255 lets none through that a router forwarded; ' +
        'lower it for peers behind routers.',
      { keepalived: ['min_ttl'] },
    ),
  })
  .meta({ id: 'unicast', title: 'Unicast' })

const announce = z
  .strictObject({
    repeat: key(integer(1, 100).prefault(5), 'Announcements of each address in one burst.', {
      keepalived: ['garp_master_repeat'],
    }),
    delay: key(
      duration('0s', '1h').prefault('5s'),
      'The burst comes again so long after the first one; where the old master fell silent, ' +
        'after 1 s and 2 s too.',
      { keepalived: ['garp_master_delay'] },
    ),
    refresh: key(
      duration('1s', '24h').nullable().prefault('60s'),
      'How often a master announces all addresses once more. `null`: never.',
      { keepalived: ['garp_master_refresh'] },
    ),
    spacing: key(
      duration('0s', '1s').prefault('0s'),
      'Least time between two announcements on one interface, for switches that drop bursts.',
      { keepalived: ['vrrp_garp_interval', 'vrrp_gna_interval', 'garp_interval', 'gna_interval'] },
    ),
  })
  .meta({ id: 'announce', title: 'Announcements' })

const track = z
  .strictObject({
    tracker: key(nameOf('trackers'), 'One of `cluster.trackers`.', {
      keepalived: ['track_script', 'track_process', 'track_file', 'track_interface'],
    }),
    weight: key(
      integer(-254, 254).nullable().prefault(null),
      '`null`: the router is in FAULT while the tracker is down. Above 0: added to the priority ' +
        'while it is up. Below 0: added while it is down. A file: multiplied with its number; ' +
        'with `null` every number but 0 is down. From -253 to 253, for a file from -254 to 254.',
      { keepalived: ['weight'] },
    ),
    reverse: key(flag.prefault(false), 'Up counts as down, and down as up.', {
      keepalived: ['reverse'],
    }),
  })
  .meta({ id: 'track', title: 'Track' })

export const router = z
  .strictObject({
    interface: key(interfaceName.optional(), 'Where adverts are sent and addresses are added.', {
      keepalived: ['interface'],
      otherwise: 'the one in the half of this box',
    }),
    virtualRouterId: key(
      integer(1, 255),
      'The same on both boxes, and used by nobody else on that network.',
      { keepalived: ['virtual_router_id'] },
    ),
    virtualAddresses: key(
      z.array(virtualAddress),
      'The addresses that the master holds. A router that only elects has an empty list.',
      { keepalived: ['virtual_ipaddress', 'no_virtual_ipaddress'] },
    ),
    priority: key(
      integer(1, 255).prefault(100),
      'The highest becomes master. 255 is for the box that has the addresses as its own: ' +
        'it is master at once, and no tracker changes it.',
      { keepalived: ['priority'] },
    ),
    version: key(choice(2, 3).prefault(3), 'Of VRRP. IPv6 needs 3.', {
      keepalived: ['version', 'vrrp_version'],
    }),
    family: key(choice('inet', 'inet6').optional(), 'Of the adverts.', {
      keepalived: ['native_ipv6'],
      otherwise: 'that of the first address',
    }),
    advertInterval: key(
      duration('10ms', '255s').optional(),
      'How often the master is heard. Version 3: from 10ms to 40.95s in steps of 10ms. ' +
        'Version 2: from 1s to 255s in whole seconds, the same on every box.',
      { keepalived: ['advert_int'], otherwise: '`100ms`; with version 2 `1s`' },
    ),
    downAfter: key(
      integer(1, 100).prefault(3),
      'A master that is silent for so many intervals, and the skew, is taken for dead.',
      { keepalived: ['down_timer_adverts', 'vrrp_down_timer_adverts'] },
    ),
    preempt: key(
      flag.prefault(true),
      'False: a box with a higher priority does not take over from a master that works.',
      { keepalived: ['preempt', 'nopreempt'] },
    ),
    preemptDelay: key(
      duration('0s', '1000s').prefault('0s'),
      'How long a box with a higher priority waits before it takes over from a master that works.',
      { keepalived: ['preempt_delay'] },
    ),
    startDelay: key(
      duration('0s', '1000s').prefault('0s'),
      'After the start adverts are not heard and nobody is elected: for bonds and spanning tree.',
      { keepalived: ['vrrp_startup_delay', 'vrrp_delay_after_boot'] },
    ),
    handover: key(
      choice('at-once', 'after-skew').prefault('at-once'),
      'When the master gives up: a backup takes over at once, or after its skew time as the RFC ' +
        'says. Three or more routers need `after-skew`.',
    ),
    unicast: key(unicast.optional(), 'Adverts go to these peers, and only theirs are heard.', {
      otherwise: 'multicast',
    }),
    multicastGroup: key(multicastAddress.optional(), 'Where adverts are sent to.', {
      keepalived: ['mcast_dst_ip', 'vrrp_mcast_group4', 'vrrp_mcast_group6'],
      otherwise: '224.0.0.18 or ff02::12',
    }),
    source: key(ipAddress.optional(), 'Our address in the adverts.', {
      keepalived: ['mcast_src_ip', 'unicast_src_ip'],
      otherwise: "the interface's first IPv4 or its link-local IPv6 address",
    }),
    authentication: key(authentication.prefault('none'), 'How adverts are made hard to forge.', {
      keepalived: ['authentication'],
    }),
    checksum: key(
      choice('with-pseudo-header', 'without-pseudo-header').prefault('with-pseudo-header'),
      'What version 3 sends with IPv4. keepalived sends it with the pseudo header (RFC 5798), ' +
        'RFC 9568 and Cisco without. Both are accepted.',
      { keepalived: ['v3_checksum_as_v2'] },
    ),
    virtualRoutes: key(z.array(virtualRoute).prefault([]), 'Routes that the master has.', {
      keepalived: ['virtual_routes'],
    }),
    virtualRules: key(z.array(virtualRule).prefault([]), 'Routing rules that the master has.', {
      keepalived: ['virtual_rules'],
    }),
    announce: key(
      announce.prefault({}),
      'Gratuitous ARP and unsolicited neighbour advertisements of a master.',
    ),
    track: key(z.array(track).prefault([]), 'What changes the priority, or is a FAULT.'),
    virtualMac: key(
      flag.prefault(false),
      "The addresses have the virtual router's own MAC address, on a macvlan (RFC 9568 7.3).",
      { keepalived: ['use_vmac'] },
    ),
    accept: key(
      flag.prefault(true),
      'False: of what comes to the virtual addresses the master takes only what the services ' +
        'balance, what tells of their connections, and neighbour discovery. All else, ping too, ' +
        'is dropped by nftables.',
      { keepalived: ['accept', 'no_accept'] },
    ),
    secondPaths: key(
      z.array(interfaceName).prefault([]),
      'Other interfaces that join the two boxes. A master that gives up says so there too.',
    ),
  })
  .meta({ id: 'router', title: 'Virtual router' })

const nodeUnicast = z
  .strictObject({
    peers: key(peers, 'The addresses of the other boxes, seen from this one.', {
      keepalived: ['unicast_peer'],
    }),
  })
  .meta({ id: 'nodeUnicast', title: 'Unicast of this box' })

const inCluster = (what: string) => ({ otherwise: `the cluster's ${what}` })

/** What may differ between the boxes. */
export const nodeRouter = z
  .strictObject({
    priority: key(integer(1, 255).optional(), 'The priority of this box.', {
      keepalived: ['priority'],
      ...inCluster('priority'),
    }),
    interface: key(interfaceName.optional(), 'What the interface is called on this box.', {
      keepalived: ['interface'],
      ...inCluster('interface'),
    }),
    source: key(ipAddress.optional(), 'The address of this box in the adverts.', {
      keepalived: ['mcast_src_ip', 'unicast_src_ip'],
      ...inCluster('source'),
    }),
    unicast: key(nodeUnicast.optional(), 'The router is unicast, and these are its peers.', {
      ...inCluster('peers'),
    }),
  })
  .meta({ id: 'nodeRouter', title: 'Virtual router on this box' })
