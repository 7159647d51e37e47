import type { Heartbeat } from './heartbeat.ts'

export type Judged =
  /** `newer`: than all that were heard, on whatever path; only those change what is known. */
  | { readonly kind: 'believed'; readonly newer: boolean; readonly isNewBoot: boolean }
  /** Of a boot that has yet to show that it lives: our next heartbeat asks it to. */
  | { readonly kind: 'greeting' }
  | { readonly kind: 'refused'; readonly reason: 'our-own' | 'replayed' }

/**
 * Who the other box is at present, so that what was recorded once is never believed again. No clock
 * is needed, and nothing is stored: a boot is believed once it has said the number that this boot
 * of ours has drawn, and of a boot only what is newer.
 */
export class PeerSession {
  readonly boot: number
  #accepted = 0
  #candidate = 0
  #newest = 0
  #sequence = 0
  readonly #retired = new Set<number>()

  constructor(boot: number) {
    this.boot = boot
  }

  get accepted(): number {
    return this.#accepted
  }

  get candidate(): number {
    return this.#candidate
  }

  /** Of our next heartbeat. */
  next(): number {
    this.#sequence += 1
    return this.#sequence
  }

  judge({ boot, sequence, accepted, candidate }: Heartbeat, newestOnPath: number): Judged {
    if (boot === this.boot) return { kind: 'refused', reason: 'our-own' }
    if (boot === this.#accepted) {
      if (sequence <= newestOnPath) return { kind: 'refused', reason: 'replayed' }
      const newer = sequence > this.#newest
      if (newer) this.#newest = sequence
      return { kind: 'believed', newer, isNewBoot: false }
    }
    if (this.#retired.has(boot)) return { kind: 'refused', reason: 'replayed' }
    if (accepted !== this.boot && candidate !== this.boot) {
      this.#candidate = boot
      return { kind: 'greeting' }
    }
    if (this.#accepted !== 0) this.#retired.add(this.#accepted)
    this.#accepted = boot
    this.#candidate = 0
    this.#newest = sequence
    return { kind: 'believed', newer: true, isNewBoot: true }
  }
}
