import { join } from 'node:path'
import { programFile } from '../linux/lib-dir.ts'
import type { ProcessSpec, RestartPolicy } from '../supervision/spec.ts'
import { milliseconds, minutes, seconds } from '../values/duration.ts'
import type { Settings } from './settings.ts'

const keepTrying: RestartPolicy = {
  when: 'always',
  firstWait: milliseconds(500),
  factor: 2,
  longestWait: seconds(30),
  forgetAfter: minutes(1),
}

/** V8 collects sooner than the control group kills, and its helpers need no thread per core. */
const node = (heapMiB: number, program: 'web' | 'console'): ProcessSpec['command'] => [
  process.execPath,
  `--max-old-space-size=${heapMiB}`,
  '--v8-pool-size=1',
  programFile(program),
]

/** The limits are generous: an emulated box takes ten times as long as a real one. */
const speaking = {
  scheduling: { kind: 'normal', nice: 0 },
  restart: keepTrying,
  ready: { by: 'message', within: minutes(1) },
  silentLimit: seconds(15),
  stopWithin: seconds(6),
} as const satisfies Partial<ProcessSpec>

const web: ProcessSpec = {
  ...speaking,
  name: 'web',
  command: node(64, 'web'),
  order: 10,
  user: 'web',
  capabilities: [],
  memoryLimitMiB: 128,
}

const consoles: ProcessSpec = {
  ...speaking,
  name: 'console',
  command: node(48, 'console'),
  order: 10,
  user: null,
  capabilities: [],
  memoryLimitMiB: 96,
}

const dhcp = (port: string, hostname: string, settings: Settings): ProcessSpec => ({
  name: `dhcp-${port}`,
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

/** The children that should be, given the ports that are there. */
export function wantedProcesses(
  settings: Settings,
  ports: readonly string[],
  hostname: string,
): readonly ProcessSpec[] {
  if (!settings.appliance) return [web]
  return [...ports.map(port => dhcp(port, hostname, settings)), web, consoles]
}
