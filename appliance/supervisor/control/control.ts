import type { Override } from '../../health/service-config.ts'
import type { DirectorAnswer, DirectorQuestion } from '../../status/director-messages.ts'
import type { Status } from '../../status/document.ts'
import type { BoxEvent } from '../../status/events.ts'
import type { HandoverReceipt } from '../../status/pair-status.ts'
import type { RouterStatus } from '../../status/router-status.ts'
import type { DirectorStatus, ServiceStatus } from '../../status/service-status.ts'
import type { LogRing } from '../../supervision/log-ring.ts'
import type { Access } from '../access/access.ts'
import type { AuditLog } from '../access/audit-log.ts'
import type { AccessGate } from '../access/gate.ts'
import type { BoxPower } from '../box-power.ts'
import type { ConfigurationControl } from '../configuration/control.ts'
import type { FenceDesk } from '../fence-desk.ts'
import type { FlightBook } from '../flights/flight-book.ts'
import type { Pair } from '../pair/pair.ts'
import type { PortNames } from '../port-names.ts'
import type { Upgrade } from '../upgrade/upgrade.ts'
import type { FeedEvent } from './change-feed.ts'

export type OverrideChange = {
  readonly state?: Override['state'] | undefined
  readonly weight?: Override['weight'] | undefined
}

/** What can be asked of the supervisor. */
export type Control = {
  readonly status: () => Status
  /** The whole status, and then what changes; returns how to stop. */
  readonly watchStatus: (tell: (event: FeedEvent) => void) => () => void
  /** The same of the services with their servers. */
  readonly watchServices: (tell: (event: FeedEvent) => void) => () => void
  readonly log: (name: string) => LogRing | null
  readonly restart: (name: string) => 'requested' | 'unknown' | 'stopping'
  readonly events: () => readonly BoxEvent[]
  /** Null: all routers. This box is master of those in the list. */
  readonly handover: (
    router: string | null,
    asked: readonly RouterStatus[],
  ) => Promise<HandoverReceipt>
  readonly maintenance: (on: boolean, by: string) => void
  readonly services: () => readonly ServiceStatus[]
  readonly director: () => DirectorStatus
  readonly askDirector: (question: DirectorQuestion) => Promise<DirectorAnswer>
  readonly overrides: () => readonly Override[]
  /** Of one server, `service/server`. What is left out stays. */
  readonly override: (server: string, change: OverrideChange) => Override
  /** Returns what is wrong with the configuration; it is in force when nothing is. */
  readonly reload: () => Promise<readonly string[]>
  /** Null: it was taken; else why not. */
  readonly tryAlertChannel: (channel: string) => Promise<string | null>
  readonly fence: FenceDesk
  readonly flights: FlightBook
  readonly configuration: ConfigurationControl
  readonly pair: Pair
  readonly upgrade: Upgrade
  readonly power: BoxPower
  readonly portNames: PortNames
  readonly access: Access
  readonly gate: AccessGate
  readonly audit: AuditLog
}
