/** Ensembles that get something wrong, each in one way: an invariant must notice each of them. */

import { after, type Instant, instant, milliseconds } from '../../appliance/values/duration.ts'
import { Ensemble, type EnsembleEffect, type EnsembleInput } from '../../appliance/vrrp/ensemble.ts'
import type { Brain } from './vrrpd.ts'
import type { Options } from './world.ts'

type Feed = (input: EnsembleInput, ensemble: Ensemble) => readonly EnsembleEffect[]

type WakeAt = (at: Instant | null, now: Instant) => Instant | null

export type Spoiled = {
  readonly what: string
  /** What the violation says. */
  readonly noticed: RegExp
  readonly brain: () => Brain
}

const spoiled = (
  what: string,
  noticed: RegExp,
  feed: Feed,
  wakeAt: WakeAt = at => at,
): Spoiled => ({
  what,
  noticed,
  brain: () => {
    const ensemble = new Ensemble()
    let now = instant(0)
    return {
      feed: input => {
        now = input.now
        return feed(input, ensemble)
      },
      wakeAt: () => wakeAt(ensemble.wakeAt(), now),
      members: () => ensemble.members(),
    }
  },
})

const properly: Feed = (input, ensemble) => ensemble.feed(input)

const without =
  (left: (effect: EnsembleEffect) => boolean): Feed =>
  (input, ensemble) =>
    ensemble.feed(input).filter(effect => !left(effect))

const speak = (router: string): EnsembleEffect => ({ effect: 'SendAdvert', priority: 100, router })

const isMaster = (ensemble: Ensemble, router: string): boolean =>
  ensemble.member(router)?.state.kind === 'master'

const givesUp: Feed = (input, ensemble) => {
  const effects = ensemble.feed(input)
  if (input.input !== 'TimerDue' || Math.floor(input.now) % 100 > 0) return effects
  const { now } = input
  return [...effects, ...ensemble.feed({ input: 'FailoverRequested', router: null, now })]
}

/** It does as it is told, and does not keep it in mind. */
const impatient: Feed = (input, ensemble) => {
  if (input.input !== 'FailoverRequested') return ensemble.feed(input)
  const { now } = input
  const gone = ensemble.feed({ input: 'MaintenanceSet', why: 'failover', now })
  const back = ensemble.feed({ input: 'MaintenanceSet', why: null, now })
  return [...gone.filter(isNoFault), ...back.map(fromMaster)]
}

const isNoFault = (effect: EnsembleEffect): boolean =>
  effect.effect !== 'StateChanged' || effect.to !== 'fault'

const fromMaster = (effect: EnsembleEffect): EnsembleEffect =>
  effect.effect === 'StateChanged' ? { ...effect, from: 'master' } : effect

const haveAnnounced = new WeakSet<Ensemble>()

const never = milliseconds(1e12)
const early = milliseconds(40)

export const spoiledEnsembles: readonly Spoiled[] = [
  spoiled(
    'keeps its addresses',
    /is (backup|fault) and holds addresses/,
    without(({ effect }) => effect === 'ReleaseAddresses'),
  ),
  spoiled('releases twice', /releases addresses that it does not hold/, (input, ensemble) =>
    ensemble
      .feed(input)
      .flatMap<EnsembleEffect>(effect =>
        effect.effect === 'ReleaseAddresses' ? [effect, effect] : effect,
      ),
  ),
  spoiled('takes what it has', /takes addresses that it holds already/, (input, ensemble) => {
    const effects = ensemble.feed(input)
    if (input.input !== 'AdvertReceived' || !isMaster(ensemble, input.router)) return effects
    return [...effects, { effect: 'HoldAddresses', router: input.router }]
  }),
  spoiled('says another state', /its effects told of/, (input, ensemble) =>
    ensemble.feed(input).map(effect => {
      if (effect.effect !== 'StateChanged' || effect.to !== 'fault') return effect
      return { ...effect, to: 'backup' }
    }),
  ),
  spoiled(
    'forgets priority 0',
    /did not say priority 0 before/,
    without(effect => effect.effect === 'SendAdvert' && effect.priority === 0),
  ),
  spoiled('speaks as a backup', /sends an advert, and is backup/, (input, ensemble) => {
    const effects = ensemble.feed(input)
    if (input.input !== 'AdvertReceived' || isMaster(ensemble, input.router)) return effects
    return [...effects, speak(input.router)]
  }),
  spoiled('does not speak as a master', /is master and silent/, (input, ensemble) => {
    const effects = ensemble.feed(input)
    const taken = effects.some(({ effect }) => effect === 'HoldAddresses')
    return taken ? effects : effects.filter(({ effect }) => effect !== 'SendAdvert')
  }),
  spoiled(
    'is early',
    /becomes master after [\d.]+ ms of silence/,
    (input, ensemble) =>
      ensemble.feed(
        input.input === 'TimerDue' ? { ...input, now: after(input.now, early) } : input,
      ),
    at => (at === null ? null : instant(at - early)),
  ),
  spoiled('takes over when it hears somebody', /on AdvertReceived/, (input, ensemble) => {
    const effects = ensemble.feed(input)
    if (input.input !== 'AdvertReceived') return effects
    const member = ensemble.member(input.router)
    if (member?.state.kind !== 'backup' || member.config.syncGroup !== null) return effects
    const now = member.state.masterDownAt
    return [...effects, ...ensemble.feed({ input: 'TimerDue', now })]
  }),
  spoiled('has no patience', /becomes master after [\d.]+ ms of silence/, impatient),
  spoiled('ignores releases', /and \w+( and \w+)* did not follow/, (input, ensemble) => {
    const ignores = input.input === 'AdvertReceived' && input.advert.priority === 0
    return ignores ? [] : ensemble.feed(input)
  }),
  spoiled('announces only once', /the neighbours were last told .* are at/, (input, ensemble) => {
    const effects = ensemble.feed(input)
    if (haveAnnounced.has(ensemble)) return effects.filter(({ effect }) => effect !== 'Announce')
    if (effects.some(({ effect }) => effect === 'Announce')) haveAnnounced.add(ensemble)
    return effects
  }),
  spoiled('does not give way', /have both had the addresses/, (input, ensemble) => {
    const ignores = input.input === 'AdvertReceived' && isMaster(ensemble, input.router)
    return ignores ? [] : ensemble.feed(input)
  }),
  spoiled(
    'has no timer',
    /has 0 masters \(nobody\)/,
    (input, ensemble) => (input.input === 'TimerDue' ? [] : ensemble.feed(input)),
    at => (at === null ? null : after(at, never)),
  ),
  spoiled('knows no sync groups', /master of one half of a sync group/, (input, ensemble) => {
    if (input.input !== 'Configured') return ensemble.feed(input)
    const routers = input.routers.map(router => ({ ...router, syncGroup: null }))
    return ensemble.feed({ ...input, routers })
  }),
  spoiled('answers each advert', /answers a flood of adverts with a flood/, (input, ensemble) => {
    const effects = ensemble.feed(input)
    if (input.input !== 'AdvertReceived' || !isMaster(ensemble, input.router)) return effects
    return [...effects, speak(input.router)]
  }),
  spoiled('is always due', /runs in circles: its timer is due since/, properly, () => instant(0)),
  spoiled(
    'is due all the time',
    /runs in circles: its timer fires too often/,
    properly,
    (at, now) => (at === null ? null : instant(Math.min(at, now + 0.1))),
  ),
  spoiled('stops too late', /still holds .* after its stop/, (input, ensemble) =>
    input.input === 'StopRequested' ? [] : ensemble.feed(input),
  ),
  spoiled('gives up for no reason', /moves without need: master -> backup/, givesUp),
  spoiled('gives up in peace', /changes although nothing happens: master -> backup/, givesUp),
  spoiled('throws', /it throws: RangeError: a bug/, (input, ensemble) => {
    if (input.input === 'FailoverRequested') throw new RangeError('a bug')
    return ensemble.feed(input)
  }),
]

/** As named on the command line. */
export function withSpoiled(what: string | undefined): Partial<Options> {
  if (what === undefined) return {}
  const found = spoiledEnsembles.find(each => each.what === what)
  const all = spoiledEnsembles.map(each => `'${each.what}'`).join(', ')
  if (found === undefined) throw new Error(`--spoiled '${what}': there are ${all}`)
  return { brain: found.brain }
}
