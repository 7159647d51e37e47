/** What the two boxes say to each other beside VRRP, and who may lead when they hear nothing. */

import * as z from 'zod'
import {
  choice,
  duration,
  flag,
  integer,
  interfaceName,
  ipAddress,
  matching,
  name,
  nameOf,
} from './leaves.ts'
import { key } from './meta.ts'
import { parseSecret } from './secret.ts'

const secretText = '32 to 64 bytes: as text, or in hexadecimal after "hex:"'

const secret = z
  .string({ error: secretText })
  .transform((text, context): Uint8Array => {
    const bytes = parseSecret(text)
    if (bytes !== null) return bytes
    context.issues.push({ code: 'custom', message: secretText, input: text })
    return z.NEVER
  })
  .meta({ expected: secretText })

const leaseWitness = z
  .strictObject({
    address: key(ipAddress, 'Where `diarch witness` runs.'),
    port: key(integer(1, 65_535).prefault(9695), 'UDP.'),
    secret: key(
      secret,
      'Signs what is said to it and by it (HMAC-SHA-256). The same at the witness and on both ' +
        'boxes, another one for each pair. `openssl rand -hex 32` makes one.',
    ),
  })
  .meta({ id: 'leaseWitness', title: 'Lease witness' })

const nextSecret = z
  .strictObject({
    secret: key(secret, 'As the other one. The same on both boxes.'),
    signs: key(flag.prefault(false), 'The boxes sign with this one: when both of them have it.'),
  })
  .meta({ id: 'nextSecret', title: 'Next secret' })

export const guard = z
  .strictObject({
    policy: key(
      choice('availability-first', 'one-owner-first').prefault('availability-first'),
      'When the boxes hear nothing of each other. `availability-first`: who hears no master ' +
        'becomes one, as in keepalived. `one-owner-first`: only a box leads that a witness ' +
        'answers.',
    ),
    witnesses: key(
      z.array(nameOf('trackers')).prefault([]),
      'Trackers of something that both boxes reach, and a box that is cut off does not: the ' +
        'gateway of the clients, say. Up means that it answers.',
    ),
    witnessesNeeded: key(integer(1, 16).prefault(1), 'So many of them have to answer.'),
    leases: key(
      z.record(name, leaseWitness).prefault({}),
      'Witnesses that let only one box in, by name: `diarch witness` on a third machine. With ' +
        '`one-owner-first` a box that hears nothing of the other one leads only with the leases ' +
        'of more than half of them.',
    ),
    leaseTime: key(
      duration('200ms', '5s').prefault('500ms'),
      'A lease is given for so long, and renewed five times as often. A box that dies with it ' +
        'keeps the other one waiting for so long.',
    ),
    secret: key(
      secret.optional(),
      'Signs the heartbeats (HMAC-SHA-256). The same on both boxes. `openssl rand -hex 32` makes ' +
        'one. Needed with `node.heartbeats`.',
      { otherwise: 'none' },
    ),
    next: key(
      nextSecret.optional(),
      'Takes the place of `secret`: heartbeats signed with either are heard until then. ' +
        '`diarch pair rotate-keys` writes it and takes it out again.',
      { otherwise: 'none' },
    ),
    heartbeatInterval: key(
      duration('20ms', '10s').optional(),
      'Between two heartbeats. What changes is said at once.',
      { otherwise: 'the shortest advert interval, at least 20ms and at most 1s' },
    ),
    missed: key(
      integer(2, 100).prefault(3),
      'A path is silent after so many heartbeats that did not come.',
    ),
    corroborate: key(
      flag.prefault(true),
      'When a direct path loses its carrier, one missing advert is enough to take over. Not with ' +
        '`one-owner-first`.',
    ),
  })
  .meta({ id: 'guard', title: 'Guard' })

export const heartbeatPath = z
  .strictObject({
    interface: key(interfaceName, 'The way to the other box.'),
    peer: key(ipAddress, 'The address of the other box there.'),
    source: key(ipAddress.optional(), 'Our address there.', {
      otherwise: 'any that the interface has',
    }),
    port: key(integer(1024, 65_535).prefault(9694), 'UDP, the same on both boxes.'),
    direct: key(
      flag.prefault(false),
      'A cable from box to box: when its carrier goes, the other box has died or the cable has.',
    ),
  })
  .meta({ id: 'heartbeatPath', title: 'Heartbeat path' })

/** Nothing else below /dev: to open a device may already do something. */
const serialDevice = matching(
  'the name of a serial device, such as "ttyS1" or "ttyUSB0"',
  /^(tty[A-Z]{1,4}\d{1,3}|pts\/\d{1,5}|serial\/by-(id|path)\/[A-Za-z0-9][\w.:+-]{0,99})$/,
)

export const serialHeartbeat = z
  .strictObject({
    device: key(
      serialDevice,
      'A serial port of this box, joined to one of the other box by a null-modem cable. Not ' +
        '`ttyS0`, which is the console.',
    ),
    baud: key(
      choice(9600, 19_200, 38_400, 57_600, 115_200, 230_400).prefault(115_200),
      'The speed, the same on both boxes. On a slow line heartbeats come less often.',
    ),
  })
  .meta({ id: 'serialHeartbeat', title: 'Serial heartbeat path' })
