import type { Duration } from '../../../appliance/values/duration.ts'
import type { Prober } from '../../lab/namespaces/prober.ts'
import { say } from '../shown.ts'
import type { Product } from './box.ts'
import type { Mishap } from './mishap.ts'
import type { Missed } from './missed.ts'
import { outageBy } from './outage.ts'
import { type Pair, probed, ready, renew, start } from './pair.ts'

export type Contestant = {
  readonly pair: Pair
  readonly interval: Duration
  readonly mishap: Mishap
}

export type Rounds = {
  /** Milliseconds. */
  readonly diarch: readonly number[]
  readonly keepalived: readonly number[]
  /** Rounds that were thrown away and repeated. */
  readonly spoilt: readonly string[]
}

/** Of one product in one case, beyond its rounds. */
const mostSpoilt = (rounds: number): number => 2 * rounds + 3

/**
 * One product after the other, round by round, so that a busy minute of the machine hits both.
 *
 * How long a crash is felt depends on when in the interval it comes: uniformly by up to one whole
 * interval. So round k of n comes (k + 1/2) / n of the interval after an advert, for both: the
 * medians compare the products and not the dice.
 */
export async function alternate(
  contestants: readonly [Contestant, Contestant],
  rounds: number,
): Promise<Rounds> {
  const seen: Record<Product, number[]> = { diarch: [], keepalived: [] }
  const spoilt: string[] = []
  const probers = new Map<Pair, Prober>()
  for (const { pair } of contestants) {
    await start(pair)
    await ready(pair)
    probers.set(pair, await probed(pair))
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of contestants) {
      const { pair } = contestant
      const share = (round + 0.5) / rounds
      const own = () => spoilt.filter(line => line.startsWith(pair.product)).length
      for (;;) {
        const outage = await one(contestant, probers.get(pair)!, share)
        if (outage.kind === 'seen') {
          seen[pair.product].push(outage.length)
          say(`   round ${round + 1}: ${pair.product} ${outage.length.toFixed(1)} ms`)
          break
        }
        spoilt.push(`${pair.product}, round ${round + 1}: ${outage.why}`)
        say(`   ${spoilt.at(-1)}: once more`)
        if (own() > mostSpoilt(rounds)) throw new Error(`too busy a machine: ${spoilt.at(-1)}`)
      }
    }
  }
  return { ...seen, spoilt }
}

async function one(contestant: Contestant, prober: Prober, share: number): Promise<Missed> {
  const { pair, interval, mishap } = contestant
  await ready(pair)
  const outage = await outageBy(mishap, pair, prober, { interval, share })
  await renew(pair)
  return outage
}

export const notesOf = ({ spoilt }: Rounds): readonly string[] =>
  spoilt.length === 0 ? [] : [`thrown away and repeated: ${spoilt.length} rounds (${spoilt[0]})`]
