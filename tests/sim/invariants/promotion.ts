import type { EnsembleEffect } from '../../../appliance/vrrp/ensemble.ts'
import type { Trace } from '../trace.ts'
import type { Feed, World } from '../world.ts'
import type { Invariant, MakeInvariant } from './invariant.ts'

/** A backup becomes master after silence, after a release, or because it is better; else never. */
export const promotedForAReason: MakeInvariant = (world): Invariant => {
  /** After a failover that somebody asked for a better one leaves the other in peace. */
  const patient = new WeakSet<Trace>()
  return {
    effect: (feed, trace, effect) => {
      if (effect.effect !== 'StateChanged') return
      if (effect.from === 'backup' && effect.to === 'master') {
        judge(world, feed, trace, patient.has(trace))
      }
      patient.delete(trace)
    },
    fed: ({ input, vrrpd }) => {
      if (input.input !== 'FailoverRequested') return
      for (const trace of vrrpd.traces.values()) {
        const meant = input.router === null || input.router === trace.name
        if (meant && trace.state === 'backup') patient.add(trace)
      }
    },
  }
}

function judge(world: World, feed: Feed, trace: Trace, patient: boolean): void {
  const { box, vrrpd, input, now } = feed
  const group = vrrpd.brain.members().filter(({ config }) => isWith(config, trace))
  const priority = Math.min(...group.map(member => member.priority.value))
  if (priority === 255) return
  if (input.input !== 'TimerDue') {
    world.violate(`${box.name} ${trace.name} becomes master on ${input.input}`)
  }
  const { heard, config } = trace
  const since = Math.max(heard?.at ?? 0, trace.changedAt)
  if (trace.releaseHeardAt !== null && trace.releaseHeardAt >= since) return
  if (heard !== null && heard.priority < priority && config.preempt && !patient) return
  const interval = heard !== null && config.version === 3 ? heard.interval : config.interval
  const silence = now - since
  const least = config.downAfter * Math.min(interval, config.interval)
  if (silence >= least - 0.001) return
  const after = `${silence.toFixed(3)} ms of silence, and ${least} ms is the least`
  world.violate(`${box.name} ${trace.name} becomes master after ${after}`)
}

const isWith = (config: Trace['config'], trace: Trace): boolean =>
  config.name === trace.name ||
  (config.syncGroup !== null && config.syncGroup === trace.config.syncGroup)

/** A stall shorter than the silence of others, duplicates, small delays: nothing moves. */
export const steadiness: MakeInvariant = (world): Invariant => {
  if (world.scenario.manner !== 'steady') return {}
  return { effect: (feed, trace, effect) => refuseChange(world, feed, trace, effect) }
}

function refuseChange(world: World, { box }: Feed, trace: Trace, effect: EnsembleEffect): void {
  if (effect.effect !== 'StateChanged' || world.timeline.now < world.scenario.settledAt) return
  const change = `${effect.from} -> ${effect.to}: ${effect.why}`
  world.violate(`${box.name} ${trace.name} moves without need: ${change}`)
}
