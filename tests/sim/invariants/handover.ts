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
  const takenAt = new Map<string, number>()
  return {
    addresses: (_, key, held) => {
      if (held) takenAt.set(key, world.timeline.now)
    },
    effect: ({ box, input }, { key }, effect) => {
      // Who gives way to a better master leaves the addresses to him.
      if (effect.effect !== 'ReleaseAddresses' || input.input === 'AdvertReceived') return
      if (!canSpeak(box, key) || isHeldBeside(world, box, key)) return
      const heirs = world.boxes.filter(other => isHeir(world, other, box, key))
      const released = world.timeline.now
      if (heirs.length === 0) return
      world.tally.count('releases with a backup that can follow')
      world.timeline.after(most, () => {
        if ((takenAt.get(key) ?? 0) >= released) return
        if (!heirs.some(heir => wasQuiet(world, heir, box, key, released))) return
        const names = heirs.map(({ name }) => name).join(' and ')
        const when = `${most.toFixed(3)} ms ago`
        world.violate(`${box.name} released ${key} ${when}, and ${names} did not follow`)
      })
    },
  }
}

const isHeldBeside = (world: World, box: Box, key: string): boolean =>
  world.boxes.some(other => other !== box && other.held.has(key))

/** A release that cannot go out is not heard. */
function canSpeak(box: Box, key: string): boolean {
  const eth = key.split(' ')[0] ?? ''
  const config = box.configOf(key)
  if (config === null) return false
  return box.canSendOn(box.segmentOf(eth)) && box.address(eth, config) !== null
}

function isHeir(world: World, heir: Box, box: Box, key: string): boolean {
  if (heir === box || !theyUnderstand(heir, box, key)) return false
  const traces = [...world.tracesOf(heir)]
  const trace = traces.find(each => each.key === key)
  if (trace === undefined || !wasQuiet(world, heir, box, key, world.timeline.now)) return false
  // A sync group follows when all of it can; a lower master may not be known to who ignores it.
  if (trace.config.syncGroup !== null || ignoresLower(trace, heir)) return false
  return followsAtOnce(trace, heir, box)
}

function ignoresLower({ config, heard }: Trace, { vrrpd }: Box): boolean {
  const member = vrrpd?.brain.members().find(each => each.config.name === config.name)
  return config.preempt && heard !== null && heard.priority < (member?.effective ?? 0)
}

function followsAtOnce(trace: Trace, heir: Box, box: Box): boolean {
  const { state, config, heard, changedAt } = trace
  const isFollower = state === 'backup' && heard?.source === box.address(config.interface, config)
  if (!isFollower || heard.at <= changedAt || config.handover !== 'at-once') return false
  // Who has just stepped down waits an interval.
  return after(after(changedAt, config.interval), heard.interval) < heir.now()
}

function wasQuiet(world: World, heir: Box, box: Box, key: string, at: number): boolean {
  const segment = heir.segmentOf(key.split(' ')[0] ?? '')
  const quiet = world.network.quietSince(segment, heir.index, box.index)
  return Math.max(quiet, heir.trouble.quietSince()) < at
}
