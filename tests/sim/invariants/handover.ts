import { after } from '../../../appliance/values/duration.ts'
import type { Box } from '../box.ts'
import type { Trace } from '../trace.ts'
import type { World } from '../world.ts'
import type { Invariant, MakeInvariant } from './invariant.ts'
import { theyUnderstand } from './mastership.ts'

/**
 * Who gives up in order is followed at once, not after silence: a backup that can hear it and may
 * follow at once has the addresses as soon as the release has reached it.
 */
export const releasesAreFollowedAtOnce: MakeInvariant = (world): Invariant => {
  const { delay, lateness } = world.scenario.cluster
  const most = delay[1] + lateness + 1
  return {
    addresses: (box, key, held) => {
      if (held || !canSpeak(box, key)) return
      const heirs = world.boxes.filter(other => isHeir(world, other, box, key))
      if (heirs.length === 0) return
      const released = world.timeline.now
      world.timeline.after(most, () => {
        if (world.boxes.some(each => each.held.has(key))) return
        if (!heirs.some(heir => wasQuiet(world, heir, box, key, released))) return
        const names = heirs.map(({ name }) => name).join(' and ')
        world.violate(
          `${box.name} released ${key} ${most.toFixed(3)} ms ago, and ${names} did not follow`,
        )
      })
    },
  }
}

/** A release that cannot go out is not heard; who has lost power has not even tried. */
function canSpeak(box: Box, key: string): boolean {
  const eth = key.split(' ')[0] ?? ''
  const config = box.configOf(key)
  if (box.vrrpd === null || config === null) return false
  return box.canSendOn(box.segmentOf(eth)) && box.address(eth, config) !== null
}

function isHeir(world: World, heir: Box, box: Box, key: string): boolean {
  if (heir === box || !theyUnderstand(heir, box, key)) return false
  const traces = [...world.tracesOf(heir)]
  const trace = traces.find(each => each.key === key)
  if (trace === undefined || !wasQuiet(world, heir, box, key, world.timeline.now)) return false
  // A sync group follows when all of it can: that is another question.
  return trace.config.syncGroup === null && followsAtOnce(trace, heir, box)
}

function followsAtOnce(trace: Trace, heir: Box, box: Box): boolean {
  const { state, config, heard, changedAt } = trace
  const isFollower = state === 'backup' && heard?.source === box.address(config.interface, config)
  if (!isFollower || config.handover !== 'at-once') return false
  // Who has just stepped down waits an interval.
  return after(after(changedAt, config.interval), heard.interval) < heir.now()
}

function wasQuiet(world: World, heir: Box, box: Box, key: string, at: number): boolean {
  const segment = heir.segmentOf(key.split(' ')[0] ?? '')
  const quiet = world.network.quietSince(segment, heir.index, box.index)
  return Math.max(quiet, heir.trouble.quietSince()) < at
}
