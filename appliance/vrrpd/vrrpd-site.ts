import type { Journal } from '../linux/journal.ts'
import type { Instant } from '../values/duration.ts'
import type { HmacSha256 } from '../vrrp/advert.ts'
import type { EnsembleEffect, EnsembleInput } from '../vrrp/ensemble.ts'
import type { FlightLog } from './flight-log.ts'
import type { LeadNote } from './lead-note.ts'

/** The addresses of these routers have come and gone, between the two moments. */
export type Moved = {
  readonly took: readonly string[]
  readonly gave: readonly string[]
  readonly from: Instant
  readonly to: Instant
}

export type VrrpdSite = {
  readonly hmac: HmacSha256
  readonly journal: Journal
  readonly flight: FlightLog
  readonly lead: LeadNote
  /** The state of a router is another: somebody may want to know. */
  readonly onChange: () => void
  readonly onMoved: (moved: Moved) => void
  /** For a recording: null keeps none. */
  readonly onStep: ((input: EnsembleInput, effects: readonly EnsembleEffect[]) => void) | null
}
