import type { Status } from '../status/document.ts'
import type { BoxEvent } from '../status/events.ts'
import type { LogRing } from '../supervision/log-ring.ts'

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
  /** Returns what is wrong with the configuration; it is in force when nothing is. */
  readonly reload: () => readonly string[]
}
