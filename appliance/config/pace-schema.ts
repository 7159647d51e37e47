/** What checks of every kind have: how often, when it counts, where the question goes. */

import * as z from 'zod'
import { choice, duration, integer, interfaceName, ipAddress } from './leaves.ts'
import { key } from './meta.ts'

const damping = z
  .strictObject({
    changes: key(integer(2, 1000).prefault(6), 'So many changes are too many.'),
    within: key(duration('1s', '24h').prefault('1m'), 'Within this time.'),
    hold: key(
      duration('1s', '24h').prefault('1m'),
      'Then it stays down until its answers were the same for so long.',
    ),
  })
  .meta({ id: 'damping', title: 'Damping' })

const settled = {
  initially: key(
    choice('down', 'up').prefault('down'),
    'Until the first result. `down`: no server gets connections before it has passed. ' +
      'keepalived without `alpha` is `up`.',
    { keepalived: ['alpha'] },
  ),
  damping: key(
    damping.nullable().prefault(null),
    'For a server that goes up and down. `null`: it may change as often as it likes.',
  ),
}

/** For kinds that are asked again and again. */
export const pace = (interval: string, timeout: string) => ({
  interval: key(
    duration('100ms', '24h').prefault(interval),
    'From one start to the next while nothing changes.',
    { keepalived: ['delay_loop'] },
  ),
  timeout: key(
    duration('10ms', '1h').prefault(timeout),
    'No whole answer after so long is a failure.',
    { keepalived: ['connect_timeout', 'misc_timeout'] },
  ),
  retryInterval: key(
    duration('10ms', '24h').prefault('1s'),
    'Instead of the interval while it is in doubt: after a failure, and on the way up.',
    { keepalived: ['delay_before_retry'] },
  ),
  rise: key(integer(1, 1000).prefault(1), 'Passes in a row that make it up.'),
  fall: key(
    integer(1, 1000).prefault(3),
    "Failures in a row that make it down. keepalived's `retry` is one less.",
    { keepalived: ['retry', 'nb_get_retry'] },
  ),
  warmUp: key(
    duration('0s', '1h').prefault('0s'),
    'After the start nothing is asked before a random part of it has passed.',
    { keepalived: ['warmup'] },
  ),
  ...settled,
})

/** For BFD, which has its own times. */
export const unasked = settled

export const from = {
  source: key(ipAddress.optional(), 'Our address. It may differ in `node.checks`.', {
    keepalived: ['bindto'],
    otherwise: 'the kernel chooses',
  }),
  interface: key(interfaceName.optional(), 'The way out. It may differ in `node.checks`.', {
    keepalived: ['bind_if'],
    otherwise: 'the kernel chooses',
  }),
  mark: key(integer(1, 4_294_967_295).optional(), 'The firewall mark of our packets.', {
    keepalived: ['fwmark'],
    otherwise: 'none',
  }),
}

/** For what is asked of one cable, past routes and firewalls. */
export const fromCable = {
  source: key(ipAddress.optional(), 'Our address. It may differ in `node.checks`.', {
    otherwise: 'that of the interface; where it has none, asked as a host without an address',
  }),
  interface: key(
    interfaceName.optional(),
    'The cable, such as `port1`. It may differ in `node.checks`. Needed for a link-local address ' +
      '(`fe80::1`), which may be on any.',
    { otherwise: 'the one whose network the address is in' },
  ),
}

export const port = {
  port: key(integer(1, 65_535).optional(), 'Where it is asked.', {
    keepalived: ['connect_port'],
    otherwise: "the server's port",
  }),
}

/** What may differ between the boxes. */
export const nodeCheck = z
  .strictObject({
    source: key(ipAddress.optional(), 'The address of this box in the questions.', {
      keepalived: ['bindto'],
      otherwise: "the cluster's source",
    }),
    interface: key(interfaceName.optional(), 'What the interface is called on this box.', {
      keepalived: ['bind_if'],
      otherwise: "the cluster's interface",
    }),
  })
  .meta({ id: 'nodeCheck', title: 'Check on this box' })
