import { between, type Duration, type Instant } from '../values/duration.ts'

export type Segment<Start, Beside> = {
  readonly bytes: Uint8Array
  readonly view: DataView
  used: number
  beganAt: Instant
  /** What was so when it began. */
  start: Start
  /** What is kept beside the bytes: see flight-recorder.ts. */
  readonly beside: Beside[]
}

export type RingSize = {
  readonly segments: number
  readonly segmentBytes: number
  /** The next one begins after so long, full or not. */
  readonly span: Duration
}

/** Beyond this the next segment begins, however short the bytes are. */
const mostBeside = 500

/**
 * The last minutes in a bounded number of bytes: segments in a circle, each made once. Somebody who
 * reads it begins with a whole segment, and so with what was so when that began.
 */
export class SegmentRing<Start, Beside> {
  readonly #size: RingSize
  readonly #begin: () => Start
  readonly #segments: Segment<Start, Beside>[] = []
  #at = 0

  constructor(size: RingSize, begin: () => Start) {
    this.#size = size
    this.#begin = begin
  }

  /** With room for so many bytes; never between an input and what came of it. */
  roomFor(length: number, now: Instant): Segment<Start, Beside> {
    const { segmentBytes, span } = this.#size
    const last = this.#segments[this.#at]
    const fits =
      last !== undefined &&
      last.used + length <= segmentBytes &&
      last.beside.length < mostBeside &&
      between(last.beganAt, now) < span
    return fits ? last : this.#next(now)
  }

  /** The one that is written to; null before the first. */
  get current(): Segment<Start, Beside> | null {
    return this.#segments[this.#at] ?? null
  }

  #next(now: Instant): Segment<Start, Beside> {
    this.#at = this.#segments.length === 0 ? 0 : (this.#at + 1) % this.#size.segments
    const old = this.#segments[this.#at]
    const start = this.#begin()
    if (old !== undefined) {
      old.used = 0
      old.beganAt = now
      old.start = start
      old.beside.length = 0
      return old
    }
    const bytes = new Uint8Array(this.#size.segmentBytes)
    const view = new DataView(bytes.buffer)
    const made: Segment<Start, Beside> = { bytes, view, used: 0, beganAt: now, start, beside: [] }
    this.#segments[this.#at] = made
    return made
  }

  /** The oldest first; those that began longer ago are left out. */
  since(earliest: Instant): readonly Segment<Start, Beside>[] {
    const inOrder = [
      ...this.#segments.slice(this.#at + 1),
      ...this.#segments.slice(0, this.#at + 1),
    ]
    return inOrder.filter(({ beganAt }) => beganAt >= earliest)
  }
}
