/** Something that happened, for the record: `diarch events`. */
export type BoxEvent = {
  readonly at: string
  /** A router, a sync group or a process. */
  readonly about: string
  /** A stable token: `master`, `backup`, `lower-master`, `rejected-checksum`. */
  readonly event: string
  readonly text: string
  /** The line stands for so many: what comes in floods is told once in a while. */
  readonly times: number
  /** A recording of what was seen then: `diarch flights`. */
  readonly flight?: number | undefined
}
