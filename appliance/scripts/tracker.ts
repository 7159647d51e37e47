import type { Verdict } from '../vrrp/priority.ts'

/** Something that is watched, of one kind of TrackerConfig. */
export type Tracker<Config> = {
  readonly verdict: () => Verdict
  /** The same thing is to be watched in another way. */
  readonly adopt: (config: Config) => void
  readonly close: () => void
}
