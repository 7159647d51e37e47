import type { Instant } from '../values/duration.ts'

export type GuardNews = { readonly about: string; readonly event: string; readonly text: string }

export type Split = {
  readonly router: string
  readonly since: Instant
  /** In the order in which it was noticed. */
  readonly seen: ReadonlySet<string>
}

type Open = { readonly since: Instant; lastSeenAt: Instant; readonly seen: Set<string> }

/** Two boxes with the same addresses: from the first sign of it until it is over. */
export class SplitWatch {
  readonly #open = new Map<string, Open>()

  /** `since` is when it must have begun, `sign` what shows it. */
  see(router: string, sign: string, since: Instant, now: Instant): GuardNews | null {
    const open = this.#open.get(router)
    if (open !== undefined) {
      open.lastSeenAt = now
      open.seen.add(sign)
      return null
    }
    this.#open.set(router, { since, lastSeenAt: now, seen: new Set([sign]) })
    const text = `two boxes have the addresses: ${sign}`
    return { about: router, event: 'split-brain', text }
  }

  /** It is over, or was none. */
  end(router: string, how: string, now: Instant): GuardNews | null {
    const open = this.#open.get(router)
    if (open === undefined) return null
    this.#open.delete(router)
    const length = ((now - open.since) / 1000).toFixed(1)
    const seen = [...open.seen].join('; ')
    const text = `two boxes had the addresses for ${length} s; ${how}. Seen: ${seen}`
    return { about: router, event: 'split-brain-over', text }
  }

  /** Of which nothing was seen since. */
  unseenSince(moment: Instant): readonly string[] {
    return [...this.#open].flatMap(([router, { lastSeenAt }]) =>
      lastSeenAt < moment ? [router] : [],
    )
  }

  all(): readonly Split[] {
    return [...this.#open].map(([router, { since, seen }]) => ({ router, since, seen }))
  }
}
