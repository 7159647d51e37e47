import type { Invariant, MakeInvariant } from './invariant.ts'

/** Fills up with time, empties with use. */
class Allowance {
  readonly #most: number
  readonly #perMillisecond: number
  #left: number
  #at: number

  constructor(most: number, perMillisecond: number, now: number) {
    this.#most = most
    this.#perMillisecond = perMillisecond
    this.#left = most
    this.#at = now
  }

  /** False when there is none left. */
  take(amount: number, now: number): boolean {
    const grown = this.#left + (now - this.#at) * this.#perMillisecond
    this.#left = Math.min(this.#most, grown) - amount
    this.#at = now
    return this.#left >= 0
  }
}

/**
 * However many adverts come in, what they make a router do per second has an end. What it only
 * notices is for the log, where event-pace.ts holds it.
 */
export const floodsAreAnsweredInMeasure: MakeInvariant = (world): Invariant => {
  const { boxes, shortestInterval } = world.scenario.cluster
  const routers = boxes[0]!.routers.length
  // An answer in 10 ms; up, down and a contest once in an interval.
  const each = (0.1 + 6 / shortestInterval) * routers
  const allowances = boxes.map(() => new Allowance(60 * routers, each, 0))
  return {
    fed: ({ box, input, effects }) => {
      if (input.input !== 'AdvertReceived' || effects.length === 0) return
      const done = effects.filter(({ effect }) => effect !== 'Noticed')
      if (allowances[box.index]!.take(done.length, world.timeline.now)) return
      const last = done.map(({ effect }) => effect).join(', ')
      world.violate(`${box.name} answers a flood of adverts with a flood of effects: ${last}`)
    },
  }
}

/** A timer that was due is not due any more; it does not fire all the time. */
export const timersRest: MakeInvariant = (world): Invariant => {
  const { boxes, shortestInterval } = world.scenario.cluster
  const routers = boxes[0]!.routers.length
  // An advert, a burst of announcements, a wake-up that came too early.
  const each = (3 * routers) / shortestInterval + 0.05
  const allowances = boxes.map(() => new Allowance(100 * routers, each, 0))
  const stuck = boxes.map(() => 0)
  return {
    fed: ({ box, vrrpd, input, now }) => {
      if (input.input !== 'TimerDue') return
      const next = vrrpd.brain.wakeAt()
      stuck[box.index] = next !== null && next <= now ? stuck[box.index]! + 1 : 0
      const isStuck = stuck[box.index]! > 3
      if (!isStuck && allowances[box.index]!.take(1, world.timeline.now)) return
      const why = isStuck ? `is due since ${next} ms, now ${now} ms` : 'fires too often'
      world.violate(`${box.name} runs in circles: its timer ${why}`)
    },
  }
}
