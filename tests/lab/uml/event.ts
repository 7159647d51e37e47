/** What the inside of a kernel tells the outside, one JSON object per line. */
export type InsideEvent =
  | { readonly kind: 'started'; readonly name: string; readonly nesting: number }
  | EndedEvent
  /** Output of the test. */
  | { readonly kind: 'said'; readonly text: string }
  /** The file was run to its end. */
  | { readonly kind: 'complete' }

export type EndedEvent = {
  readonly kind: 'ended'
  readonly name: string
  /** 0 for a test of the file, 1 for its subtests. A test ends after its subtests. */
  readonly nesting: number
  readonly milliseconds: number
  /** The reason, or null for one that ran. */
  readonly skip: string | null
  readonly error: InsideError | null
}

export type InsideError = {
  readonly message: string
  readonly stack: string
  /** It failed only because a subtest did. */
  readonly ofSubtests: boolean
}
