import type { Service } from '../ipvs/service.ts'
import type { Duration, Instant } from '../values/duration.ts'
import type { Probe } from './check.ts'
import type { ServiceEvent } from './service-state.ts'

/** What `Health` wants done. */
export type HealthEffect =
  | {
      readonly effect: 'Ask'
      readonly probe: Probe
      readonly run: number
      readonly deadline: Instant
      readonly late: Duration
    }
  /** Its finding is no longer awaited: close the socket, end the script. */
  | { readonly effect: 'Abandon'; readonly probe: string; readonly run: number }
  /** BFD: it tells by itself. */
  | { readonly effect: 'Watch' | 'Unwatch'; readonly probe: Probe }
  /** What the kernel should have for this service, all of it. */
  | { readonly effect: 'Program'; readonly service: string; readonly table: readonly Service[] }
  /** Services may have come and gone: compare the whole of `table()`. */
  | { readonly effect: 'ProgramAll' }
  | { readonly effect: 'Tell'; readonly event: ServiceEvent }
