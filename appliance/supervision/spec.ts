import type { Duration } from '../values/duration.ts'

/** What a child process is and how it is kept: the supervisor's only knowledge of it. */
export type ProcessSpec = {
  readonly name: string
  /** Absolute path and arguments; never a shell line. */
  readonly command: readonly [string, ...string[]]
  /** Lower starts earlier and stops later; equal ones go together. */
  readonly order: number
  /** A name in /etc/passwd; null keeps the supervisor's own. */
  readonly user: string | null
  /** It talks to nobody but us: what it says of the routers is believed. */
  readonly trusted: boolean
  /** Wants every status document; vrrpd has better things to do. */
  readonly hearsStatus: boolean
  /** Kept when the process confines itself; everything else is dropped for good. */
  readonly capabilities: readonly Capability[]
  readonly scheduling: Scheduling
  readonly restart: RestartPolicy
  /** Hard limit of its control group; null for none. */
  readonly memoryLimitMiB: number | null
  /** `spawned`: running as soon as it exists. `message`: when it has said `ready`, in that time. */
  readonly ready: { readonly by: 'spawned' } | { readonly by: 'message'; readonly within: Duration }
  /** A child that speaks the IPC channel and is silent for so long hangs; null for others. */
  readonly silentLimit: Duration | null
  /** From the request to stop until SIGKILL. */
  readonly stopWithin: Duration
}

/** Whether the child speaks the IPC channel; other programs know signals alone. */
export const speaks = (spec: ProcessSpec): boolean =>
  spec.silentLimit !== null || spec.ready.by === 'message'

export type Capability =
  | 'net_admin'
  | 'net_raw'
  | 'sys_nice'
  | 'sys_time'
  | 'ipc_lock'
  | 'net_bind_service'
  | 'setuid'
  | 'setgid'
  | 'kill'
  | 'dac_override'
  | 'chown'

export type Scheduling =
  | { readonly kind: 'normal'; readonly nice: number }
  | { readonly kind: 'round-robin'; readonly priority: number }

export type RestartPolicy = {
  readonly when: 'always' | 'never'
  readonly firstWait: Duration
  readonly factor: number
  readonly longestWait: Duration
  /** Running for so long makes the next failure a first one again. */
  readonly forgetAfter: Duration
}
