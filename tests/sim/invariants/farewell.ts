import type { Trace } from '../trace.ts'
import type { Feed } from '../world.ts'
import type { Invariant, MakeInvariant } from './invariant.ts'

/** Who releases addresses has said priority 0 before, unless he gives way to a better master. */
export const farewellFirst: MakeInvariant = (world): Invariant => {
  const saidBy = new WeakMap<Trace, Feed>()
  return {
    effect: (feed, trace, effect) => {
      if (effect.effect === 'SendAdvert' && effect.priority === 0) saidBy.set(trace, feed)
      if (effect.effect !== 'ReleaseAddresses' || saidBy.get(trace) === feed) return
      const { box, input } = feed
      if (input.input === 'AdvertReceived' && input.router === trace.name) return
      const what = `releases its addresses and did not say priority 0 before (${input.input})`
      world.violate(`${box.name} ${trace.name} ${what}`)
    },
  }
}

/** Nobody but a master speaks, and it falls silent at no time. */
export const mastersSpeak: MakeInvariant = (world): Invariant => {
  const { lateness } = world.scenario.cluster
  const speaksIn = new WeakMap<Trace, Feed>()
  return {
    effect: (feed, trace, effect) => {
      if (effect.effect !== 'SendAdvert' || effect.priority === 0) return
      if (trace.state !== 'master') speaksIn.set(trace, feed)
    },
    fed: feed => {
      const { box, vrrpd, now } = feed
      for (const trace of vrrpd.traces.values()) {
        const { state, spokeAt, config, name } = trace
        if (state !== 'master') {
          if (speaksIn.get(trace) !== feed) continue
          world.violate(`${box.name} ${name} sends an advert, and is ${state}`)
        }
        const from = Math.max(spokeAt ?? trace.changedAt, box.resumedAt, trace.configuredAt)
        if (now - from <= config.interval + 2 * lateness + 1) continue
        const silent = (now - from).toFixed(3)
        const what = `silent for ${silent} ms; its interval is ${config.interval} ms`
        world.violate(`${box.name} ${name} is master and ${what}`)
      }
    },
  }
}
