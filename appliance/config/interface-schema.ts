/** An interface of this box: a port, or what is made of ports. */

import * as z from 'zod'
import { choice, duration, flag, integer, interfaceAddress, interfaceName } from './leaves.ts'
import { key } from './meta.ts'

const bond = z
  .strictObject({
    members: key(z.array(interfaceName), 'The ports that act as one.'),
    mode: key(
      choice(
        'active-backup',
        '802.3ad',
        'balance-xor',
        'balance-rr',
        'balance-tlb',
        'balance-alb',
        'broadcast',
      ).prefault('active-backup'),
      '`active-backup`: one port carries all, the others wait; any switch will do. `802.3ad`: ' +
        'LACP, all ports carry; the switch has to be set up for it.',
    ),
    monitorInterval: key(
      duration('10ms', '10s').prefault('100ms'),
      'How often the links of the members are looked at.',
    ),
    lacpRate: key(
      choice('slow', 'fast').prefault('fast'),
      '`802.3ad` only. A partner that is silent is left after 90 s or after 3 s.',
    ),
    transmitHash: key(
      choice('layer2', 'layer2+3', 'layer3+4').prefault('layer2'),
      '`802.3ad` and `balance-xor`: what decides by which port a packet leaves.',
    ),
  })
  .meta({ id: 'bond', title: 'Bond' })

const vlan = z
  .strictObject({
    parent: key(interfaceName, 'The interface that carries the frames with the tag.'),
    id: key(integer(1, 4094), 'The number in the tag.'),
  })
  .meta({ id: 'vlan', title: 'VLAN' })

const bridge = z
  .strictObject({
    members: key(z.array(interfaceName), 'The interfaces that it joins. It speaks no STP.'),
  })
  .meta({ id: 'bridge', title: 'Bridge' })

export const networkInterface = z
  .strictObject({
    addresses: key(
      z.array(interfaceAddress).prefault([]),
      "The box's own addresses here, with the lengths of their networks.",
    ),
    dhcp: key(flag.prefault(false), 'An IPv4 address, routes and name servers come by DHCP.'),
    ipv6: key(
      choice('slaac', 'static', 'off').prefault('slaac'),
      '`slaac`: addresses and routes as routers advertise them. `static`: only those that are ' +
        'written here, and the link-local one. `off`: no IPv6 at all.',
    ),
    mtu: key(integer(576, 65_535).optional(), 'The largest packet, in bytes.', {
      otherwise: "the driver's, of a VLAN its parent's",
    }),
    bond: key(bond.optional(), 'It is made of several ports.', { otherwise: 'none' }),
    vlan: key(vlan.optional(), 'It is one VLAN of another interface.', { otherwise: 'none' }),
    bridge: key(bridge.optional(), 'It joins other interfaces.', { otherwise: 'none' }),
  })
  .meta({ id: 'networkInterface', title: 'Interface' })
