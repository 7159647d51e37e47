/** Says since when a thing is what it is now. */
export type StandsSince = (about: string, state: string) => string

/**
 * Since when each thing is what it is now, for those that are looked at again and again and say
 * only what they are. What was so before this box has looked stands since that first look.
 */
export class Standings {
  readonly #known = new Map<string, { readonly state: string; readonly since: string }>()

  /** `now` in the words of the document. */
  at(now: string): StandsSince {
    return (about, state) => {
      const known = this.#known.get(about)
      if (known?.state === state) return known.since
      this.#known.set(about, { state, since: now })
      return now
    }
  }
}
