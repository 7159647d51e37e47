/** What is done to two boxes, drawn from a seed: the same seed is the same storm. */

import { type Duration, milliseconds } from '../../appliance/values/duration.ts'
import { Random } from '../sim/random.ts'

const kinds = ['power', 'pause', 'unplug', 'deaf', 'mute', 'kill', 'full'] as const

/** Processes whose end people ask about. */
const processes = ['vrrpd', 'director', 'pair', 'web', 'supervisor'] as const

export type Fault = {
  readonly kind: (typeof kinds)[number]
  readonly box: 0 | 1
  /** After the fault before it has begun. */
  readonly after: Duration
  readonly lasts: Duration
  /** Of `kill`. */
  readonly process: (typeof processes)[number]
}

/** One to three faults, which may overlap unless they are of one box. */
export type Sequence = readonly Fault[]

/** `pace`: so many times as fast. */
export function drawStorm(seed: number, sequences: number, pace = 1): readonly Sequence[] {
  const random = new Random(seed)
  return Array.from({ length: sequences }, () =>
    Array.from({ length: random.integer(1, 3) }, () => ({
      kind: random.pick(kinds),
      box: random.pick([0, 1] as const),
      after: milliseconds(Math.round(random.between(0, 4000) / pace)),
      lasts: milliseconds(Math.round(random.between(500, 8000) / pace)),
      process: random.pick(processes),
    })),
  )
}

export function wordsOf({ kind, box, lasts, process }: Fault): string {
  const of = `of box ${box + 1}`
  const length = `for ${(lasts / 1000).toFixed(1)} s`
  switch (kind) {
    case 'power':
      return `the power ${of} is cut ${length}`
    case 'pause':
      return `box ${box + 1} stands still ${length}`
    case 'unplug':
      return `the cable ${of} is out ${length}`
    case 'deaf':
      return `nothing comes to box ${box + 1} ${length}`
    case 'mute':
      return `nothing comes from box ${box + 1} ${length}`
    case 'kill':
      return `${process} ${of} is killed`
    case 'full':
      return `the disk ${of} is full ${length}`
  }
}
