import { readFileSync } from 'node:fs'
import { quiet, type WatchState } from '../alerting/watch.ts'
import { type Instant, instant } from '../values/duration.ts'
import { writeKept } from './kept-file.ts'

/**
 * Which alarms people know of, so that a restart does not tell them again, and tells the end of one
 * that ended meanwhile. In times of day, as in outbox-file.ts.
 */
export class WatchFile {
  readonly #path: string
  #written = ''

  constructor(path: string) {
    this.#path = path
  }

  /** A file that is not there or damaged: nobody knows of anything, and is told once more. */
  read(now: Instant): WatchState {
    const ago = (time: number): Instant => instant(now - Math.max(0, Date.now() - time))
    try {
      const kept = JSON.parse(readFileSync(this.#path, 'utf8')) as Kept
      const alarms = Object.entries(kept).map(([reason, { since, told }]) => {
        const { lines } = told
        const before = { at: ago(told.at), lines }
        return [reason, { since: ago(since), lines, told: before, goneAt: null }] as const
      })
      return { ...quiet, alarms: new Map(alarms) }
    } catch {
      return quiet
    }
  }

  /** Only when it says something else than before: alarms are looked at often. */
  write({ alarms }: WatchState, now: Instant): void {
    const time = (at: Instant): number => Math.round(Date.now() - (now - at))
    const known = [...alarms].flatMap(([reason, { since, told }]) =>
      told === null ? [] : [{ reason, since, told }],
    )
    const mark = JSON.stringify(known)
    if (mark === this.#written) return
    const kept: Kept = Object.fromEntries(
      known.map(({ reason, since, told: { at, lines } }) => {
        return [reason, { since: time(since), told: { at: time(at), lines } }]
      }),
    )
    writeKept(this.#path, kept)
    this.#written = mark
  }
}

type Kept = Readonly<
  Record<
    string,
    {
      readonly since: number
      readonly told: { readonly at: number; readonly lines: readonly string[] }
    }
  >
>
