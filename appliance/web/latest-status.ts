import type { Status } from '../status/document.ts'
import { type PublicStatus, publicStatus } from '../status/public-status.ts'

/** The supervisor speaks at least every few seconds; longer silence means that it hangs. */
const believedForMs = 15_000

export type Known =
  | { readonly kind: 'status'; readonly status: PublicStatus }
  | { readonly kind: 'unknown'; readonly why: string }

/** What the supervisor said last, as long as that can be believed: an old "ok" is a lie. */
export class LatestStatus {
  #latest: { readonly status: PublicStatus; readonly at: number } | null = null

  set(status: Status): PublicStatus {
    const shown = publicStatus(status)
    this.#latest = { status: shown, at: performance.now() }
    return shown
  }

  get(): Known {
    if (this.#latest === null) {
      return { kind: 'unknown', why: 'The supervisor has not said anything yet.' }
    }
    const age = performance.now() - this.#latest.at
    if (age > believedForMs) {
      const silence = Math.round(age / 1000)
      return { kind: 'unknown', why: `The supervisor has been silent for ${silence} seconds.` }
    }
    return { kind: 'status', status: this.#latest.status }
  }
}
