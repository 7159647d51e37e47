/**
 * The configuration document of a pair. This schema is the one source of its types, checks,
 * defaults and descriptions; hints, the reference page and the schema for editors come from it.
 */

import * as z from 'zod'
import { alerts } from './alert-schema.ts'
import { check } from './check-schema.ts'
import { nodeConsole } from './console-schema.ts'
import { director, nodeDirector } from './director-schema.ts'
import { fencing } from './fencing-schema.ts'
import { firewall } from './firewall-schema.ts'
import { guard, heartbeatPath, serialHeartbeat } from './guard-schema.ts'
import type { networkInterface } from './interface-schema.ts'
import { name, nameOf } from './leaves.ts'
import { key } from './meta.ts'
import { newestVersion } from './migrations.ts'
import { hostname, network } from './network-schema.ts'
import { notify } from './notify-schema.ts'
import { nodeCheck } from './pace-schema.ts'
import { nodeRouter, router } from './router-schema.ts'
import { service } from './service-schema.ts'
import { snmp } from './snmp-schema.ts'
import { time } from './time-schema.ts'
import { tracker } from './tracker-schema.ts'
import { token, user } from './user-schema.ts'
import { nodeWatchdog } from './watchdog-schema.ts'

const syncGroup = z
  .strictObject({
    routers: key(z.array(nameOf('routers')), 'All of them are master, or none.', {
      keepalived: ['group'],
    }),
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
    guard: key(guard.prefault({}), 'What keeps the pair at one owner of its addresses.'),
    fencing: key(
      fencing.prefault({}),
      'What switches a silent box off before the other one takes its place.',
    ),
    alerts: key(alerts.prefault({}), 'Who is told when something is wrong.'),
    snmp: key(snmp.prefault({}), 'Who may ask by SNMP how the boxes are.', {
      keepalived: ['enable_snmp_vrrp', 'enable_snmp_checker', 'enable_snmp_rfc'],
    }),
    users: key(
      z.record(name, user).prefault({}),
      'Who may log in, by name. At least one is an admin; without any, nothing but the state of ' +
        'the box is shown over the network.',
    ),
    tokens: key(z.record(name, token).prefault({}), 'For programs, instead of a password.'),
  })
  .meta({ id: 'cluster', title: 'Cluster' })

const node = z
  .strictObject({
    hostname: key(hostname.optional(), 'What this box is called. Only on the image.', {
      otherwise: '`diarch-` and the end of the lowest hardware address',
    }),
    network: key(
      network.optional(),
      'Addresses of this box, bonds, VLANs, bridges, routes. Only on the image: elsewhere the ' +
        'network is left as it is.',
      { otherwise: 'each port with a cable asks by DHCP' },
    ),
    time: key(time.prefault({}), 'The time of day of this box. Only on the image.'),
    console: key(nodeConsole.prefault({}), 'The screen of this box. Only on the image.'),
    watchdog: key(
      nodeWatchdog.prefault({}),
      'What resets this box when it hangs. Only on the image.',
    ),
    firewall: key(firewall.prefault({}), 'What may come in to this box. Only on the image.'),
    routers: key(
      z.record(nameOf('routers'), nodeRouter).prefault({}),
      'What this box has otherwise than `cluster.routers` says.',
    ),
    checks: key(
      z.record(nameOf('checks'), nodeCheck).prefault({}),
      'What this box has otherwise than `cluster.checks` says.',
    ),
    heartbeats: key(
      z.record(name, heartbeatPath).prefault({}),
      'Paths beside VRRP on which the two boxes hear each other, by name.',
    ),
    serialHeartbeats: key(
      z.record(name, serialHeartbeat).prefault({}),
      'Serial cables on which the two boxes hear each other too, by name.',
    ),
    director: key(
      nodeDirector.prefault({}),
      'What this box has otherwise than `cluster.director` says.',
    ),
  })
  .meta({ id: 'node', title: 'Node' })

const version = String(newestVersion)

export const documentSchema = z
  .strictObject({
    $schema: key(z.string().optional(), 'For editors: where `configuration.schema.json` is.', {
      otherwise: 'none',
    }),
    schemaVersion: key(
      z.literal(newestVersion, { error: version }).meta({ expected: version }),
      'Of this document. Older ones are read too, and this is what is made of them.',
    ),
    cluster: key(cluster, 'The same on both boxes.'),
    node: key(node.prefault({}), "This box's own."),
  })
  .meta({ title: 'Document' })

export type Document = z.output<typeof documentSchema>
export type Router = z.output<typeof router>
export type NodeRouter = z.output<typeof nodeRouter>
export type NetworkInterface = z.output<typeof networkInterface>
export type Tracker = z.output<typeof tracker>
export type Check = z.output<typeof check>
export type NodeCheck = z.output<typeof nodeCheck>
export type Service = z.output<typeof service>
export type User = z.output<typeof user>
export type Token = z.output<typeof token>
