import { join } from 'node:path'
import { programFile } from '../../linux/lib-dir.ts'
import type { ProcessSpec, RestartPolicy } from '../../supervision/spec.ts'
import { milliseconds, minutes, seconds } from '../../values/duration.ts'
import type { Settings } from '../settings.ts'

const keepTrying: RestartPolicy = {
  when: 'always',
  firstWait: milliseconds(500),
  factor: 2,
  longestWait: seconds(30),
  forgetAfter: minutes(1),
}

/** V8 collects sooner than the control group kills, and its helpers need no thread per core. */
const node = (
  heapMiB: number,
  program:
    | 'web'
    | 'pair'
    | 'alerts'
    | 'snmp'
    | 'fence'
    | 'console'
    | 'vrrpd'
    | 'scripts'
    | 'director',
  ...flags: readonly string[]
): ProcessSpec['command'] => [
  process.execPath,
  ...flags,
  `--max-old-space-size=${heapMiB}`,
  '--v8-pool-size=1',
  programFile(program),
]

/** The limits are generous: an emulated box takes ten times as long as a real one. */
const speaking = {
  trusted: false,
  hearsStatus: true,
  scheduling: { kind: 'normal', nice: 0 },
  restart: keepTrying,
  ready: { by: 'message', within: minutes(1) },
  silentLimit: seconds(15),
  stopWithin: seconds(6),
} as const satisfies Partial<ProcessSpec>

const web: ProcessSpec = {
  ...speaking,
  name: 'web',
  command: node(64, 'web', '--max-semi-space-size=2'),
  order: 10,
  user: 'web',
  capabilities: [],
  memoryLimitMiB: 128,
}

/** Strangers may connect to it: a user of its own that may do nothing. */
const pair: ProcessSpec = {
  ...speaking,
  name: 'pair',
  command: node(96, 'pair'),
  order: 10,
  user: 'pair',
  hearsStatus: false,
  capabilities: [],
  memoryLimitMiB: 160,
}

/** It asks servers of others, and reads what they answer. */
const alerts: ProcessSpec = {
  ...speaking,
  name: 'alerts',
  command: node(48, 'alerts', '--max-semi-space-size=1'),
  order: 10,
  user: 'alerts',
  hearsStatus: false,
  capabilities: [],
  memoryLimitMiB: 128,
}

/** Strangers may send it packets. The port is one that only root may have. */
const snmp: ProcessSpec = {
  ...speaking,
  name: 'snmp',
  command: node(128, 'snmp', '--max-semi-space-size=2'),
  order: 10,
  user: 'snmp',
  hearsStatus: false,
  capabilities: ['net_bind_service'],
  scheduling: { kind: 'normal', nice: 5 },
  memoryLimitMiB: 224,
}

/** It has passwords of what switches a box off, and no power over this one. */
const fence: ProcessSpec = {
  ...speaking,
  name: 'fence',
  command: node(48, 'fence', '--max-semi-space-size=1'),
  order: 10,
  user: 'fence',
  hearsStatus: false,
  capabilities: [],
  memoryLimitMiB: 128,
}

const consoles: ProcessSpec = {
  ...speaking,
  name: 'console',
  command: node(48, 'console', '--max-semi-space-size=1'),
  order: 10,
  user: null,
  capabilities: [],
  memoryLimitMiB: 96,
}

/**
 * Small collections are short ones. All code is compiled at the start and kept: the first takeover
 * may come after weeks, and is to be as fast as the second. Hung for `silentLimit` it is ended; the
 * kernel drops its addresses soon after.
 */
const vrrpd: ProcessSpec = {
  ...speaking,
  name: 'vrrpd',
  command: node(48, 'vrrpd', '--max-semi-space-size=1', '--no-lazy', '--no-flush-bytecode'),
  order: 1,
  user: 'vrrpd',
  trusted: true,
  hearsStatus: false,
  capabilities: ['net_admin', 'net_raw', 'sys_nice', 'ipc_lock'],
  scheduling: { kind: 'round-robin', priority: 50 },
  memoryLimitMiB: 160,
  silentLimit: seconds(3),
}

/**
 * What it asks servers may be answered by anybody: a user of its own. Findings live for moments: a
 * larger young generation would only be more memory.
 */
const director: ProcessSpec = {
  ...speaking,
  name: 'director',
  command: node(160, 'director', '--max-semi-space-size=4'),
  order: 1,
  user: 'director',
  trusted: true,
  hearsStatus: false,
  capabilities: ['net_admin', 'net_raw', 'net_bind_service'],
  memoryLimitMiB: 384,
}

/** Runs programs as the users that they name. */
const scripts: ProcessSpec = {
  ...speaking,
  name: 'scripts',
  command: node(48, 'scripts', '--max-semi-space-size=1'),
  order: 1,
  user: null,
  trusted: true,
  hearsStatus: false,
  // A hook of root's moves routes, sends announcements, writes files of others.
  capabilities: ['setuid', 'setgid', 'kill', 'net_admin', 'net_raw', 'dac_override', 'chown'],
  memoryLimitMiB: 256,
}

const dhcp = (port: string, hostname: string, settings: Settings): ProcessSpec => ({
  name: `dhcp-${port}`,
  trusted: false,
  hearsStatus: false,
  command: [
    '/bin/busybox',
    'udhcpc',
    '-f',
    '-i',
    port,
    '-s',
    join(settings.libDir, 'dhcp-lease'),
    '-x',
    `hostname:${hostname}`,
    '-O',
    'ntpsrv',
  ],
  order: 5,
  user: null,
  capabilities: ['net_admin', 'net_raw', 'net_bind_service'],
  scheduling: { kind: 'normal', nice: 0 },
  restart: keepTrying,
  memoryLimitMiB: 16,
  ready: { by: 'spawned' },
  silentLimit: null,
  stopWithin: seconds(3),
})

/** The NTP client of others, which may set the clock and nothing else. It says what it finds. */
export const timeProcess = (file: string): ProcessSpec => ({
  name: 'time',
  trusted: false,
  hearsStatus: false,
  command: ['/usr/bin/ntp-daemon', '-c', file],
  order: 10,
  user: 'time',
  capabilities: ['sys_time'],
  scheduling: { kind: 'normal', nice: 0 },
  restart: keepTrying,
  memoryLimitMiB: 32,
  ready: { by: 'spawned' },
  silentLimit: null,
  stopWithin: seconds(3),
})

/** The children that should be, given the ports that are there. */
export function wantedProcesses(
  settings: Settings,
  ports: readonly string[],
  hostname: string,
  wanted: Readonly<
    Record<'routers' | 'services' | 'pair' | 'alerts' | 'alertScripts' | 'snmp' | 'fence', boolean>
  >,
): readonly ProcessSpec[] {
  const startsScripts = wanted.routers || wanted.services || wanted.alertScripts
  const virtual = [
    ...(wanted.routers ? [vrrpd] : []),
    ...(wanted.services ? [director] : []),
    ...(startsScripts ? [scripts] : []),
    ...(wanted.pair ? [pair] : []),
    ...(wanted.alerts ? [alerts] : []),
    ...(wanted.fence ? [fence] : []),
    ...(wanted.snmp ? [snmp] : []),
  ]
  if (!settings.appliance) return [...virtual, web]
  return [...virtual, ...ports.map(port => dhcp(port, hostname, settings)), web, consoles]
}
