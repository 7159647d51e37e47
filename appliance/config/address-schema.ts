/** What moves with a virtual router: addresses, routes and rules. */

import * as z from 'zod'
import {
  choice,
  flag,
  integer,
  interfaceAddress,
  interfaceName,
  ipAddress,
  label,
  network,
} from './leaves.ts'
import { key } from './meta.ts'

const address = z
  .strictObject({
    address: key(
      interfaceAddress,
      'The address and the length of its network. Without a length it is /32 or /128.',
      { keepalived: ['virtual_ipaddress'] },
    ),
    interface: key(interfaceName.optional(), 'Where it is added.', {
      keepalived: ['dev'],
      otherwise: "the router's interface",
    }),
    label: key(label.optional(), 'As `ip address` shows it. IPv4 only.', {
      keepalived: ['label'],
      otherwise: 'none',
    }),
    scope: key(choice('global', 'link', 'host').optional(), 'How far the address is valid.', {
      keepalived: ['scope'],
      otherwise: '`link` for fe80::/10, else `global`',
    }),
    advertised: key(
      flag.prefault(true),
      'False: it moves with the router and is not in its adverts. It may be of the other family.',
      { keepalived: ['virtual_ipaddress_excluded'] },
    ),
  })
  .meta({ id: 'virtualAddress', title: 'Virtual address' })

const addressText = 'an address such as "192.0.2.100/24", or an object with more about it'

export const virtualAddress = z
  .union([interfaceAddress, address], { error: addressText })
  .meta({ expected: addressText })

const destinationText = '"default", or a network such as "198.51.100.0/24"'

export const virtualRoute = z
  .strictObject({
    destination: key(
      z.union([z.literal('default'), network], { error: destinationText }).meta({
        expected: destinationText,
      }),
      '`default` is the default route of the family of the gateway.',
    ),
    gateway: key(ipAddress.optional(), 'The next router on the way.', {
      keepalived: ['via'],
      otherwise: 'the destination is reached directly',
    }),
    interface: key(interfaceName.optional(), 'The way out.', {
      keepalived: ['dev'],
      otherwise: 'the kernel finds it by the gateway',
    }),
    source: key(ipAddress.optional(), 'The address that our own packets on this route have.', {
      keepalived: ['src'],
      otherwise: 'the kernel chooses',
    }),
    table: key(integer(1, 4_294_967_295).prefault(254), 'The routing table; 254 is `main`.', {
      keepalived: ['table'],
    }),
    metric: key(integer(0, 4_294_967_295).optional(), 'Of two routes the lower one is used.', {
      keepalived: ['metric'],
      otherwise: "the kernel's",
    }),
  })
  .meta({ id: 'virtualRoute', title: 'Virtual route' })

export const virtualRule = z
  .strictObject({
    from: key(network.optional(), 'Packets with a source in this network.', {
      keepalived: ['from'],
      otherwise: 'any',
    }),
    to: key(network.optional(), 'Packets with a destination in this network.', {
      keepalived: ['to'],
      otherwise: 'any',
    }),
    mark: key(integer(1, 4_294_967_295).optional(), 'Packets with this firewall mark.', {
      keepalived: ['fwmark'],
      otherwise: 'any',
    }),
    table: key(integer(1, 4_294_967_295), 'The routing table for them.', { keepalived: ['table'] }),
    preference: key(
      integer(1, 32_765),
      'Rules are tried from the lowest up; 32766 is the main table.',
      { keepalived: ['preference'] },
    ),
  })
  .meta({ id: 'virtualRule', title: 'Virtual rule' })
