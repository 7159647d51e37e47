/**
 * The one status document of a box. The supervisor assembles it; the control socket, the console
 * and the web page show it. Every object in it that has a state says since when, and why; `memory`
 * and `web` are figures and an address.
 *
 * Times are ISO strings in UTC (for people), lengths are seconds (for scripts).
 */

import type { ChannelStatus } from '../alerting/alert-messages.ts'
import type { FencingStatus } from '../fencing/fence-messages.ts'
import type { SnmpStatus } from '../mib/snmp-messages.ts'
import type { ShownGuard } from './guard-status.ts'
import type { PairStatus } from './pair-status.ts'
import type { RouterStatus } from './router-status.ts'
import type { DirectorStatus, ServiceStatus } from './service-status.ts'
import type { TimeStatus } from './time-status.ts'

export type Status = {
  readonly product: 'Diarch'
  readonly version: string
  readonly commit: string
  readonly hostname: string
  readonly now: string
  /** Of the box; without the image, of the supervisor. */
  readonly bootedAt: string
  readonly uptimeSeconds: number
  /** `ok`: nothing is wrong, `degraded`: an alarm stands, `starting`: until all are ready. */
  readonly health: {
    readonly state: 'starting' | 'ok' | 'degraded'
    readonly since: string
    readonly why: string
  }
  /** Null where the software runs without the image (`diarch run`). */
  readonly slot: SlotStatus | null
  readonly storage: StorageStatus
  /** Null without the image: the memory of the host says nothing of us. */
  readonly memory: MemoryStatus | null
  readonly watchdog: WatchdogStatus | null
  readonly time: TimeStatus | null
  readonly processes: readonly ProcessStatus[]
  readonly ports: readonly PortStatus[]
  readonly web: WebStatus | null
  readonly routers: readonly RouterStatus[]
  readonly trackers: readonly TrackerStatus[]
  /** In short; each server of them is in the list of services. */
  readonly services: readonly ServiceSummary[]
  readonly director: DirectorStatus
  /** Null: none has been given yet. */
  readonly configuration: ConfigurationStatus | null
  readonly pair: PairStatus
  readonly guard: ShownGuard | null
  /** Null: nothing could switch the other box off. */
  readonly fencing: FencingStatus | null
  /** Channels by which people are told. */
  readonly alerts: readonly ChannelStatus[]
  /** Null: nobody may ask by SNMP. */
  readonly snmp: SnmpStatus | null
  readonly setup: SetupStatus
  /** Null: the box takes part. */
  readonly maintenance: { readonly since: string; readonly why: string } | null
  readonly alarms: readonly Alarm[]
}

/** `needed`: nobody can log in yet, and the wizard waits at the console. */
export type SetupStatus = {
  readonly state: 'needed' | 'finished'
  readonly since: string
  readonly why: string
}

export type ServiceSummary = Pick<
  ServiceStatus,
  'name' | 'state' | 'since' | 'why' | 'at' | 'serving'
> & {
  readonly serversUp: number
  readonly serversTotal: number
}

export type TrackerStatus = {
  readonly name: string
  readonly state: 'up' | 'down' | 'unknown'
  /** Of a tracked file. */
  readonly number: number | null
  readonly since: string
  readonly why: string
}

export type ConfigurationStatus = {
  /** `store`, or the file that it is read from. */
  readonly source: string
  /** Null: it could not be recorded as one. */
  readonly revision: number | null
  readonly author: string
  readonly since: string
  readonly why: string
  /** Not null: it goes back by itself unless it is confirmed. */
  readonly trial: { readonly fallBackTo: number; readonly secondsLeft: number } | null
}

export type SlotName = 'a' | 'b'

export type RunningSlot = {
  readonly running: SlotName
  /** `trial` until the health gate has confirmed the slot; a reset on trial counts against it. */
  readonly state: 'confirmed' | 'trial'
  readonly since: string
  readonly why: string
}

export type SlotStatus = RunningSlot & {
  /** Null: nothing was put into the other slot since the box started. */
  readonly upgrade: UpgradeStatus | null
}

/** New software on its way into the slot that does not run. */
export type UpgradeStatus = {
  /** `ready`: the next start tries it. `failed`: the other slot holds nothing that could start. */
  readonly state: 'writing' | 'verifying' | 'ready' | 'failed'
  readonly slot: SlotName
  readonly version: string
  readonly commit: string
  readonly bytes: number
  readonly of: number
  readonly since: string
  readonly why: string
}

export type StorageStatus = {
  /** `memory`: the state partition could not be used, what is written is lost at power-off. */
  readonly state: 'disk' | 'read-only' | 'memory'
  readonly path: string
  readonly freeMiB: number
  readonly totalMiB: number
  readonly since: string
  readonly why: string
}

/** As it was looked at: since when it is so shows the document. */
export type SeenStorage = Omit<StorageStatus, 'since'>

/** `used` is what programs and the kernel hold; what only caches files counts as free. */
export type MemoryStatus = {
  readonly usedMiB: number
  readonly totalMiB: number
}

export type WatchdogStatus = {
  readonly device: string
  readonly identity: string
  readonly timeoutSeconds: number
  /** `software` resets a hung supervisor, not a hung kernel. */
  readonly kind: 'hardware' | 'software'
  /** When it was armed. */
  readonly since: string
  readonly why: string
}

export type ProcessState =
  | 'waiting'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'backing-off'
  | 'stopped'

export type ProcessStatus = {
  readonly name: string
  readonly state: ProcessState
  readonly since: string
  readonly why: string
  readonly pid: number | null
  readonly restarts: number
  readonly memoryMiB: number | null
}

export type PortStatus = {
  /** The operator's name for it; it follows the hardware address, never the kernel's order. */
  readonly name: string
  readonly mac: string
  readonly driver: string
  readonly link: 'up' | 'no-carrier' | 'down' | 'missing'
  readonly since: string
  readonly why: string
  /** Null while there is no link or the driver does not say. */
  readonly speedMbps: number | null
  /** With prefix length: `192.0.2.10/24`. */
  readonly addresses: readonly string[]
}

export type SeenPort = Omit<PortStatus, 'since'>

export type WebStatus = {
  readonly port: number
  /** SHA-256 of the certificate, upper-case hex pairs with colons, as browsers show it. */
  readonly fingerprint: string
}

/** The reason is a stable token (`slot-fallback`): logs, metrics, console and page use the same. */
export type Alarm = {
  readonly reason: string
  readonly message: string
  readonly since: string
}
