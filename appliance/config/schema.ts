/**
 * The configuration document of a pair. This schema is the one source of its types, checks,
 * defaults and descriptions; hints, the reference page and the schema for editors come from it.
 */

import * as z from 'zod'
import { check } from './check-schema.ts'
import { director, nodeDirector } from './director-schema.ts'
import { name } from './leaves.ts'
import { key } from './meta.ts'
import { notify } from './notify-schema.ts'
import { nodeCheck } from './pace-schema.ts'
import { nodeRouter, router } from './router-schema.ts'
import { service } from './service-schema.ts'
import { tracker } from './tracker-schema.ts'

const syncGroup = z
  .strictObject({
    routers: key(z.array(name), 'All of them are master, or none.', { keepalived: ['group'] }),
  })
  .meta({ id: 'syncGroup', title: 'Sync group' })

const cluster = z
  .strictObject({
    routers: key(z.record(name, router).prefault({}), 'The virtual routers, by name.', {
      keepalived: ['vrrp_instance'],
    }),
    syncGroups: key(z.record(name, syncGroup).prefault({}), 'Routers that move together.', {
      keepalived: ['vrrp_sync_group'],
    }),
    trackers: key(z.record(name, tracker).prefault({}), 'What routers can track, by name.', {
      keepalived: ['vrrp_script', 'vrrp_track_process', 'track_file', 'vrrp_track_file'],
    }),
    notify: key(notify.prefault({}), 'Who is told when a router changes its state.'),
    checks: key(
      z.record(name, check).prefault({}),
      'How servers are asked whether they live, by name. `tcp` and `ping` are there by ' +
        'themselves, with the defaults of their kinds; one of that name here takes their place.',
    ),
    services: key(z.record(name, service).prefault({}), 'What is balanced, by name.', {
      keepalived: ['virtual_server'],
    }),
    director: key(director.prefault({}), 'What IPVS does beside its services.'),
  })
  .meta({ id: 'cluster', title: 'Cluster' })

const node = z
  .strictObject({
    routers: key(
      z.record(name, nodeRouter).prefault({}),
      'What this box has otherwise than `cluster.routers` says.',
    ),
    checks: key(
      z.record(name, nodeCheck).prefault({}),
      'What this box has otherwise than `cluster.checks` says.',
    ),
    director: key(
      nodeDirector.prefault({}),
      'What this box has otherwise than `cluster.director` says.',
    ),
  })
  .meta({ id: 'node', title: 'Node' })

export const documentSchema = z
  .strictObject({
    $schema: key(z.string().optional(), 'For editors: where `configuration.schema.json` is.', {
      otherwise: 'none',
    }),
    schemaVersion: key(z.literal(1, { error: '1' }).meta({ expected: '1' }), 'Of this document.'),
    cluster: key(cluster, 'The same on both boxes.'),
    node: key(node.prefault({}), "This box's own."),
  })
  .meta({ title: 'Document' })

export type Document = z.output<typeof documentSchema>
export type Router = z.output<typeof router>
export type NodeRouter = z.output<typeof nodeRouter>
export type Tracker = z.output<typeof tracker>
export type Check = z.output<typeof check>
export type NodeCheck = z.output<typeof nodeCheck>
export type Service = z.output<typeof service>
