/** What may come in to this box itself. What it forwards is not looked at. */

import * as z from 'zod'
import { flag, interfaceName, network } from './leaves.ts'
import { key } from './meta.ts'

const management = z
  .strictObject({
    interfaces: key(
      z.array(interfaceName).prefault([]),
      'The page and the API are reached by these only. Empty: by every one.',
    ),
    networks: key(
      z.array(network).prefault([]),
      'The page and the API are reached from these only. Empty: from everywhere.',
    ),
  })
  .meta({ id: 'management', title: 'Management' })

export const firewall = z
  .strictObject({
    enabled: key(
      flag.prefault(true),
      'False: everything comes in. True: VRRP, what the services balance, connection sync, BFD, ' +
        'ICMP, DHCP, answers to what the box asks, and management; nothing else.',
    ),
    management: key(management.prefault({}), 'Where the box is managed from.'),
  })
  .meta({ id: 'firewall', title: 'Firewall' })
