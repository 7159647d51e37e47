import type { EndedEvent, InsideEvent } from './event.ts'

export type InsideTest = EndedEvent & { readonly subtests: readonly InsideTest[] }

/** What came of a test file inside a kernel. */
export type Outcome = {
  readonly tests: readonly InsideTest[]
  /** What the tests printed. */
  readonly output: string
  /** Seconds from the kernel's start until the test file's; null when it was never started. */
  readonly bootSeconds: number | null
  /** Why the results are not all there, with the last lines of the kernel; null when they are. */
  readonly failure: string | null
}

/** Puts subtests below their tests. They come before them, one level deeper. */
export const asTree = (ended: readonly EndedEvent[]): InsideTest[] => {
  const open: InsideTest[][] = []
  for (const event of ended) {
    const subtests = open[event.nesting + 1] ?? []
    open.length = event.nesting + 1
    const siblings = open[event.nesting] ?? []
    open[event.nesting] = [...siblings, { ...event, subtests }]
  }
  // A crash leaves subtests whose test did not end; they are shown all the same.
  return open.flat()
}

/** Reads lines of events; the last line may be cut off. */
export const readEvents = (text: string): InsideEvent[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))

/** The tests that were started and did not end. */
export const unfinished = (events: readonly InsideEvent[]): string[] => {
  const running: string[] = []
  for (const event of events) {
    if (event.kind === 'started') running.push(event.name)
    if (event.kind !== 'ended') continue
    const at = running.lastIndexOf(event.name)
    if (at >= 0) running.splice(at, 1)
  }
  return running
}
