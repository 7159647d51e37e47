import { after, milliseconds } from '../../../appliance/values/duration.ts'
import { identity } from '../../../appliance/vrrp/ensemble.ts'
import type { Box } from '../box.ts'
import type { World } from '../world.ts'
import type { Invariant, MakeInvariant } from './invariant.ts'
import { theyUnderstand } from './mastership.ts'

/** Whose announcement was heard last, and whether the box that has the addresses can know of it. */
type Belief = { readonly box: Box; readonly known: boolean }

/**
 * A neighbour sends to the box whose announcement it heard last. When everything has come to rest
 * that must be the one that holds the addresses, or one that is about to say so: also after two
 * masters have met.
 */
export const neighboursKnowTheMaster: MakeInvariant = (world): Invariant => {
  const beliefs = new Map<string, Belief>()
  return {
    effect: ({ box }, trace, effect) => {
      if (effect.effect !== 'Announce') return
      const segment = box.segmentOf(trace.config.interface)
      if (box.canSendOn(segment)) beliefs.set(trace.key, { box, known: true })
    },
    addresses: (box, key, held) => {
      const belief = beliefs.get(key)
      if (held || belief?.box !== box) return
      const others = world.boxes.filter(other => other !== box && other.held.has(key))
      if (others.some(other => !hears(world, other, box, key))) {
        beliefs.set(key, { box, known: false })
      }
    },
    ended: () => {
      for (const [key, { box, known }] of beliefs) {
        const holder = world.boxes.find(each => each.held.has(key))
        if (!known || holder === undefined || holder === box || announcesSoon(holder, key)) continue
        const names = `${box.name}, and ${holder.name} has them`
        world.violate(`the neighbours were last told that the addresses of ${key} are at ${names}`)
      }
    },
  }
}

/** Its last word can get lost, and then nobody knows what the neighbours believe. */
function hears(world: World, one: Box, other: Box, key: string): boolean {
  const eth = key.split(' ')[0] ?? ''
  const segment = one.segmentOf(eth)
  const config = other.configOf(key)
  if (other.vrrpd === null || config === null || !theyUnderstand(one, other, key)) return false
  if (!other.canSendOn(segment) || other.address(eth, config) === null) return false
  const quiet = world.network.quietSince(segment, one.index, other.index)
  return Math.max(quiet, one.trouble.quietSince()) < Infinity
}

/** Bursts for contested addresses are a second apart. */
const pause = milliseconds(1000)

function announcesSoon(box: Box, key: string): boolean {
  const members = box.vrrpd?.brain.members() ?? []
  const state = members.find(({ config }) => identity(config) === key)?.state
  if (state?.kind !== 'master') return false
  return state.announceAt.some(at => at <= after(box.now(), pause))
}
