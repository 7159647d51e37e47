import type { Override } from '../health/service-config.ts'
import type { DirectorAnswer, DirectorQuestion } from '../status/director-messages.ts'
import type { Status } from '../status/document.ts'
import type { BoxEvent } from '../status/events.ts'
import type { DirectorStatus, ServiceStatus } from '../status/service-status.ts'
import type { LogRing } from '../supervision/log-ring.ts'

export type OverrideChange = Partial<Pick<Override, 'state' | 'weight'>>

/** What can be asked of the supervisor. */
export type Control = {
  readonly status: () => Status
  readonly subscribe: (onStatus: (status: Status) => void) => () => void
  readonly log: (name: string) => LogRing | null
  readonly restart: (name: string) => 'requested' | 'unknown' | 'stopping'
  readonly events: () => readonly BoxEvent[]
  /** Null: all routers. False when there is no such router. */
  readonly failover: (router: string | null) => boolean
  readonly maintenance: (on: boolean) => void
  readonly services: () => readonly ServiceStatus[]
  readonly director: () => DirectorStatus
  readonly askDirector: (question: DirectorQuestion) => Promise<DirectorAnswer>
  readonly overrides: () => readonly Override[]
  /** Of one server, `service/server`. What is left out stays. */
  readonly override: (server: string, change: OverrideChange) => Override
  /** Returns what is wrong with the configuration; it is in force when nothing is. */
  readonly reload: () => readonly string[]
}
