import * as z from 'zod'
import {
  duration,
  integer,
  interfaceName,
  multicastAddress,
  nameOf,
  wholeSeconds,
} from './leaves.ts'
import { key } from './meta.ts'

const sync = z
  .strictObject({
    interface: key(interfaceName.optional(), 'Where it is sent and heard.', {
      keepalived: ['lvs_sync_daemon_interface'],
      otherwise: 'the one in the half of this box',
    }),
    id: key(
      integer(0, 255).prefault(1),
      'The same on both boxes, and used by no other pair on that network. 0 hears every pair.',
    ),
    group: key(multicastAddress.optional(), 'Where it is sent to.', {
      otherwise: '224.0.0.81',
    }),
    port: key(integer(1, 65_535).optional(), 'Of UDP.', {
      otherwise: '8848',
    }),
    ttl: key(integer(1, 255).prefault(1), 'TTL or hop limit.'),
    mostBytes: key(integer(512, 65_487).optional(), 'In one packet.', {
      keepalived: ['maxlen'],
      otherwise: 'what the interface takes',
    }),
    channels: key(
      integer(1, 64).prefault(1),
      'Threads of the kernel that send, each to a port of its own; the same on both boxes. More ' +
        'than one where one processor is not enough for it.',
    ),
    router: key(
      nameOf('routers').nullable().prefault(null),
      'Whose state says which box sends. `null`: one that is master of any router does.',
    ),
    settle: key(
      duration('0s', '1000s').prefault('10s'),
      'A box that returns hears connections for so long before it takes over from a master ' +
        'that works.',
    ),
  })
  .meta({ id: 'sync', title: 'Connection sync' })

const seconds = (what: string) => key(wholeSeconds('1s', '744h').nullable().prefault(null), what)

const timeouts = z
  .strictObject({
    tcp: seconds("Of established TCP connections without packets. `null`: the kernel's, 15m."),
    tcpFin: seconds("Of TCP connections after a FIN. `null`: the kernel's, 2m."),
    udp: seconds("Of UDP. `null`: the kernel's, 5m."),
  })
  .meta({ id: 'timeouts', title: 'Timeouts' })

export const director = z
  .strictObject({
    sync: key(
      sync.nullable().prefault(null),
      'Connections are carried over to the other box. `null`: they break when it takes over.',
      { keepalived: ['lvs_sync_daemon'] },
    ),
    timeouts: key(timeouts.prefault({}), 'When the kernel forgets a connection.', {
      keepalived: ['lvs_timeouts'],
    }),
  })
  .meta({ id: 'director', title: 'Director' })

const nodeSync = z
  .strictObject({
    interface: key(interfaceName, 'What the interface is called on this box.', {
      keepalived: ['lvs_sync_daemon_interface'],
    }),
  })
  .meta({ id: 'nodeSync', title: 'Connection sync of this box' })

export const nodeDirector = z
  .strictObject({
    sync: key(nodeSync.optional(), 'Of the connection sync.', { otherwise: "the cluster's" }),
  })
  .meta({ id: 'nodeDirector', title: 'Director on this box' })
