import { identity } from '../../../appliance/vrrp/ensemble.ts'
import { longestOverlap } from '../bounds.ts'
import type { Box } from '../box.ts'
import type { Trace } from '../trace.ts'
import type { World } from '../world.ts'
import type { Invariant, MakeInvariant } from './invariant.ts'

/** From `settledAt` on each router has exactly one master, and it stays the same. */
export const oneMaster: MakeInvariant = (world): Invariant => {
  const routers = world.scenario.cluster.boxes[0]!.routers.map(identity)
  const count = (): void => {
    for (const key of routers) {
      const masters = world.boxes.filter(box => isMaster(world, box, key))
      if (masters.length === 1) continue
      const names = masters.map(({ name }) => name).join(' and ') || 'nobody'
      const { settledAt, healedAt } = world.scenario
      const bound = `${(settledAt - healedAt).toFixed(0)} ms after everything was mended`
      world.violate(`${key} has ${masters.length} masters (${names}) ${bound}`)
    }
  }
  let settled = false
  return {
    settled: () => {
      settled = true
      count()
    },
    effect: ({ box }, trace, effect) => {
      if (!settled || effect.effect !== 'StateChanged') return
      const change = `${effect.from} -> ${effect.to}: ${effect.why}`
      world.violate(`${box.name} ${trace.name} changes although nothing happens: ${change}`)
    },
    ended: count,
  }
}

const isMaster = (world: World, box: Box, key: string): boolean =>
  [...world.tracesOf(box)].some(trace => trace.key === key && trace.state === 'master')

/** Two boxes with the same addresses: for one interval and the way of a packet, not longer. */
export const noLongOverlap: MakeInvariant = (world): Invariant => {
  const overlaps: { key: string; one: Box; other: Box; since: number }[] = []
  const look = ({ key, one, other, since }: (typeof overlaps)[number]): void => {
    const segment = one.segmentOf(key.split(' ')[0] ?? '')
    const quiet = world.network.quietSince(segment, one.index, other.index)
    const from = Math.max(since, quiet, one.trouble.quietSince(), other.trouble.quietSince())
    const lasted = world.timeline.now - from
    const [a, b] = [one.configOf(key), other.configOf(key)]
    if (lasted <= 0 || a === null || b === null || !theyUnderstand(one, other, key)) return
    const most = longestOverlap(world.scenario.cluster, a.interval, b.interval)
    if (lasted <= most) return
    const both = `${one.name} and ${other.name} have both had the addresses of ${key}`
    world.violate(`${both} for ${lasted.toFixed(3)} ms; ${most.toFixed(3)} ms is the most`)
  }
  const lookAtAll = () => overlaps.forEach(look)
  return {
    addresses: (box, key, held) => {
      if (held) {
        const others = world.boxes.filter(other => other !== box && other.held.has(key))
        for (const other of others) {
          world.tally.count('two boxes had the same addresses')
          overlaps.push({ key, one: box, other, since: world.timeline.now })
        }
        return
      }
      for (let index = overlaps.length - 1; index >= 0; index--) {
        const overlap = overlaps[index]!
        if (overlap.key !== key || (overlap.one !== box && overlap.other !== box)) continue
        look(overlap)
        overlaps.splice(index, 1)
      }
    },
    beforeTrouble: lookAtAll,
    ended: lookAtAll,
  }
}

/** With another version, or another interval in v2, each refuses what the other says. */
export function theyUnderstand(one: Box, other: Box, key: string): boolean {
  const [a, b] = [one.configOf(key), other.configOf(key)]
  if (a === null || b === null || a.version !== b.version) return false
  return a.version === 3 || a.interval === b.interval
}

/** The routers of a sync group on a box are masters together, or none of them is. */
export const allOrNone: MakeInvariant = (world): Invariant => {
  const settling = world.scenario.settledAt - world.scenario.healedAt
  const { routers } = world.scenario.cluster.boxes[0]!
  if (routers.every(({ syncGroup }) => syncGroup === null)) return {}
  return {
    fed: ({ box, vrrpd, effects, input }) => {
      if (effects.length === 0) return
      const states = new Map<string, boolean>()
      const traces = [...vrrpd.traces.values()]
      // A router that is new to the group becomes master after a silence of its own.
      const isNew = ({ configuredAt, changedAt }: Trace): boolean => {
        const from =
          configuredAt >= changedAt ? Math.max(configuredAt, box.resumedAt) : configuredAt
        return box.now() - from < settling
      }
      if (traces.some(isNew)) return
      for (const { config, state } of traces) {
        if (config.syncGroup === null) continue
        const master = state === 'master'
        if ((states.get(config.syncGroup) ?? master) !== master) {
          const all = traces.map(trace => `${trace.name} is ${trace.state}`).join(', ')
          world.violate(
            `${box.name} is master of one half of a sync group: ${all} (${input.input})`,
          )
        }
        states.set(config.syncGroup, master)
      }
    },
  }
}
