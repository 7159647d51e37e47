import { after, between, type Duration, type Instant, milliseconds } from '../values/duration.ts'
import { type GuardConfig, isSerial } from './guard-config.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { HeartbeatFault } from './heartbeat-codec.ts'

export type PathState = 'unknown' | 'up' | 'silent'

export type Refusal = HeartbeatFault | 'our-own' | 'replayed'

/** What is known of one path to the other box. It changes in place: heartbeats come often. */
export class PathPicture {
  state: PathState = 'unknown'
  since: Instant
  heardAt: Instant | null = null
  /** Of the present boot of the peer, on this path. */
  sequence = 0
  received = 0
  missing = 0
  sent = 0
  readonly refused: Partial<Record<Refusal, number>> = {}
  /** Not null: why nothing can go over it. */
  obstacle: string | null = null
  /** Heartbeats may skip numbers: a slow line carries only some of them. */
  readonly #skips: boolean
  #limit: Duration = milliseconds(0)

  constructor(now: Instant, skips = false) {
    this.since = now
    this.#skips = skips
  }

  /** True: it is up again. */
  hear({ sequence, interval, missed }: Heartbeat, isNewBoot: boolean, now: Instant): boolean {
    const counts = !isNewBoot && this.sequence > 0 && !this.#skips
    if (counts) this.missing += Math.max(0, sequence - this.sequence - 1)
    this.sequence = sequence
    this.received += 1
    this.heardAt = now
    // What comes with the last of them has come.
    this.#limit = milliseconds((missed + 0.5) * interval)
    return this.#become('up', now)
  }

  refuse(reason: Refusal): void {
    this.refused[reason] = (this.refused[reason] ?? 0) + 1
  }

  /** True: it has fallen silent. */
  look(now: Instant): boolean {
    const silent =
      this.state === 'up' && this.heardAt !== null && between(this.heardAt, now) > this.#limit
    return silent && this.#become('silent', now)
  }

  /** When one that is up will be silent if nothing comes. */
  silentAt(): Instant {
    return after(this.heardAt ?? this.since, this.#limit)
  }

  /** Who did not run has not listened. */
  excuse(now: Instant): void {
    if (this.state === 'up') this.heardAt = now
  }

  #become(state: PathState, now: Instant): boolean {
    if (this.state === state) return false
    this.state = state
    this.since = now
    return true
  }
}

/**
 * Who hears nothing on the network of a router hears no client there either: only silence on
 * another way says that it is ours that does not arrive.
 */
export function hasWayBeside(
  { policy, paths }: Pick<GuardConfig, 'policy' | 'paths'>,
  pictures: ReadonlyMap<string, PathPicture>,
  router: string,
): boolean {
  if (policy === 'one-owner-first') return true
  return paths.some(path => {
    const isBeside = isSerial(path) || path.interface !== router
    return isBeside && pictures.get(path.name)?.state === 'up'
  })
}

export const isUp = ({ state }: PathPicture): boolean => state === 'up'
