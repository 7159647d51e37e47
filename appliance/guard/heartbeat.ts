import type { Duration } from '../values/duration.ts'
import type { IpAddress } from '../values/ip-address.ts'
import type { RouterState } from '../vrrp/router-state.ts'

/** What a box says of itself to the other one, again and again, and at once when it changes. */
export type Heartbeat = {
  /** A number that each start of vrrpd draws anew. */
  readonly boot: number
  /** One more with each heartbeat of this boot. */
  readonly sequence: number
  /** The boot of the other box that is believed here; 0: none yet. */
  readonly accepted: number
  /** One that has yet to show that it lives: it does by saying ours. */
  readonly candidate: number
  /** The next one follows within this time; so many may be missing. */
  readonly interval: Duration
  readonly missed: number
  /** The other box is heard here, by heartbeats or by adverts. */
  readonly hears: boolean
  readonly routers: readonly SaidRouter[]
}

export type SaidRouter = {
  /** See `markOf`. */
  readonly mark: number
  readonly state: RouterState['kind']
  readonly priority: number
  /** The kernel has all of its addresses. */
  readonly owns: boolean
  /** It is in this state for so long. */
  readonly age: Duration
  /** The source of its adverts. */
  readonly address: IpAddress | null
}

/** Stands for a router on both boxes: FNV-1a of its name and its VRID. */
export function markOf(name: string, vrid: number): number {
  let mark = 0x811c9dc5
  for (const byte of new TextEncoder().encode(name)) mark = Math.imul(mark ^ byte, 0x01000193)
  return Math.imul(mark ^ vrid, 0x01000193) >>> 0
}

/** The last one of a boot: nothing of it is believed after that. */
export const lastSequence = 2 ** 48 - 1
