import { type Instant, instant } from '../values/duration.ts'

export const now = (): Instant => instant(performance.now())

/** What must be added to an Instant of this process to get milliseconds of CLOCK_MONOTONIC. */
const offset = measureOffset()

export const kernelMilliseconds = (at: Instant): number => at + offset

/** Both clocks tick alike, so the pair that was read with the least time between is the best. */
function measureOffset(): number {
  let best = { between: Number.POSITIVE_INFINITY, offset: 0 }
  for (let round = 0; round < 20; round++) {
    const before = performance.now()
    const [seconds, nanoseconds] = process.hrtime()
    const between = performance.now() - before
    const kernel = seconds * 1e3 + nanoseconds / 1e6
    if (between < best.between) best = { between, offset: kernel - before - between / 2 }
  }
  return best.offset
}
