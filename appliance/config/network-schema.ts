/** The network of this box. What moves between the boxes is in the virtual routers. */

import * as z from 'zod'
import { networkInterface } from './interface-schema.ts'
import { integer, interfaceName, ipAddress, matching, network as networkOf } from './leaves.ts'
import { key } from './meta.ts'

export const hostname = matching(
  'a host name of 1 to 63 letters, digits and "-", no sign first or last',
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
)

const domain = matching(
  'a domain such as "example.com"',
  /^(?=.{1,253}$)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*$/,
)

const destinationText = '"default", or a network such as "198.51.100.0/24"'

const route = z
  .strictObject({
    destination: key(
      z.union([z.literal('default'), networkOf], { error: destinationText }).meta({
        expected: destinationText,
      }),
      '`default` is the default route of the family of the gateway.',
    ),
    gateway: key(ipAddress, 'The next router on the way.'),
    interface: key(
      interfaceName.optional(),
      'The way out. A gateway with a link-local address needs it.',
      { otherwise: 'the kernel finds it by the gateway' },
    ),
    metric: key(integer(0, 4_294_967_295).optional(), 'Of two routes the lower one is used.', {
      otherwise: "the kernel's, which wins over those of DHCP",
    }),
  })
  .meta({ id: 'route', title: 'Route' })

const dns = z
  .strictObject({
    servers: key(
      z.array(ipAddress).prefault([]),
      'Asked in this order, instead of those that DHCP names. Only the first three count.',
    ),
    search: key(z.array(domain).prefault([]), 'Tried behind names without a dot.'),
  })
  .meta({ id: 'dns', title: 'DNS' })

export const network = z
  .strictObject({
    interfaces: key(
      z.record(interfaceName, networkInterface),
      'By name: the ports that are used, and what is made of them. Ports have the names that ' +
        '`diarch ports` shows. A port that is not here has no address.',
    ),
    routes: key(z.array(route).prefault([]), 'Beside those of the interfaces and of DHCP.'),
    dns: key(dns.prefault({}), 'How names are found.'),
  })
  .meta({ id: 'network', title: 'Network' })
