/**
 * Whether a master is mute. Pure: vrrpd notes until when the others believe its word (`Lead`), and
 * the supervisor, which hangs for other reasons than vrrpd, looks when that is over. Both by the
 * kernel's monotonic clock.
 *
 * Bytes, in the machine's own order: a count, then for each lead its mark and its moment, all of
 * them 64-bit floats.
 */

import { after, type Instant, instant, milliseconds } from '../values/duration.ts'

export type Lead = {
  /** Of the router: see `markOf`. */
  readonly mark: number
  /** From here on others take its place, unless it speaks again. */
  readonly until: Instant
}

export function leadBytes(leads: readonly Lead[]): Uint8Array {
  const numbers = leads.flatMap(({ mark, until }) => [mark, until])
  return new Uint8Array(Float64Array.of(leads.length, ...numbers).buffer)
}

/** Nothing where bytes are missing. */
export function leadsIn(bytes: Uint8Array): readonly Lead[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const number = (index: number): number => view.getFloat64(index * 8, isLittle)
  const count = bytes.length < 8 ? 0 : number(0)
  if (bytes.length < 8 + count * 16) return []
  return Array.from({ length: count }, (_, index) => {
    return { mark: number(1 + index * 2), until: instant(number(2 + index * 2)) }
  })
}

const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** A master that is new since the last look is found by then. */
const idleLook = milliseconds(1000)

/** Who looks so late did not run, and neither did vrrpd perhaps: it may speak first. */
const ownPause = milliseconds(50)
const firstWord = milliseconds(20)

/** Remembers whom it has found mute, and when it wants to look. */
export class MuteWatch {
  #lookAt: Instant | null = null
  #waited = false
  /** By mark: the lead that ran out. One that is renewed is another. */
  #found = new Map<number, Instant>()

  get lookAt(): Instant | null {
    return this.#lookAt
  }

  /** Those that are mute since the last look. */
  look(leads: readonly Lead[], now: Instant): readonly Lead[] {
    // Who is asked sooner by somebody else has not waited yet.
    if (this.#waited && this.#lookAt !== null && now < this.#lookAt) return []
    const stoodStill = this.#lookAt !== null && now - this.#lookAt > ownPause
    this.#waited = stoodStill && !this.#waited
    if (this.#waited) {
      this.#lookAt = after(now, firstWord)
      return []
    }
    const known = this.#found
    const over = leads.filter(({ until }) => until <= now)
    this.#found = new Map(over.map(({ mark, until }) => [mark, until]))
    const next = leads.filter(({ until }) => until > now).map(({ until }) => until)
    this.#lookAt = instant(Math.min(after(now, idleLook), ...next))
    return over.filter(({ mark, until }) => known.get(mark) !== until)
  }

  /** What was to be done about them has failed: the next look finds them once more. */
  missAgain(): void {
    this.#found = new Map()
  }

  /** There is nobody who could speak. */
  forget(): void {
    this.#lookAt = null
    this.#waited = false
    this.#found = new Map()
  }
}
