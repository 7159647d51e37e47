import type { EnsembleEffect } from '../../../appliance/vrrp/ensemble.ts'
import type { Box } from '../box.ts'
import type { Trace } from '../trace.ts'
import type { Feed, World } from '../world.ts'

/** Something that must hold in every run; it calls `world.violate` when it does not. */
export type Invariant = {
  /** The trace is still as before the effect. */
  readonly effect?: (feed: Feed, trace: Trace, effect: EnsembleEffect) => void
  /** The traces have followed all effects. */
  readonly fed?: (feed: Feed) => void
  /** A kernel gets addresses, or is about to lose them. */
  readonly addresses?: (box: Box, key: string, held: boolean) => void
  /** Something is about to go wrong, or was changed on purpose. */
  readonly beforeTrouble?: () => void
  /** Nothing has been wrong for as long as it takes: everything must be in order from here on. */
  readonly settled?: () => void
  readonly ended?: () => void
}

export type MakeInvariant = (world: World) => Invariant

/** All of them as one. */
export function together(all: readonly Invariant[]): Required<Invariant> {
  const effects = all.flatMap(({ effect }) => effect ?? [])
  const feeds = all.flatMap(({ fed }) => fed ?? [])
  return {
    effect: (feed, trace, effect) => {
      for (const look of effects) look(feed, trace, effect)
    },
    fed: feed => {
      for (const look of feeds) look(feed)
    },
    addresses: (box, key, held) => {
      for (const each of all) each.addresses?.(box, key, held)
    },
    beforeTrouble: () => {
      for (const each of all) each.beforeTrouble?.()
    },
    settled: () => {
      for (const each of all) each.settled?.()
    },
    ended: () => {
      for (const each of all) each.ended?.()
    },
  }
}
