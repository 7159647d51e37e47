import { isDeepStrictEqual } from 'node:util'
import { type Flight, joined, readFlight } from '../../appliance/flight/flight-reader.ts'
import { FlightRecorder } from '../../appliance/flight/flight-recorder.ts'
import { type Duration, instant } from '../../appliance/values/duration.ts'
import { ipAddress } from '../../appliance/values/ip-address.ts'
import { encodeAdvert } from '../../appliance/vrrp/encode.ts'
import { Ensemble, type EnsembleEffect } from '../../appliance/vrrp/ensemble.ts'
import { simulate } from './simulation.ts'

const groups = { inet: ipAddress('224.0.0.18'), inet6: ipAddress('ff02::12') } as const

export type Flown = { readonly bytes: Uint8Array; readonly changes: number }

/** What each vrrpd of a run would have frozen at its end, from a ring of the given size. */
export function flightsOf(
  seed: number,
  size: { readonly segments: number; readonly segmentBytes: number; readonly span: Duration },
): readonly Flown[] {
  const freezing: (() => Flown)[] = []
  simulate(seed, {
    brain: () => {
      const ensemble = new Ensemble()
      let changes = 0
      let last = instant(0)
      const recorder = new FlightRecorder(
        {
          checkpoint: () => ensemble.checkpoint(),
          toUnix: () => 1_760_000_000_000,
          indexOf: () => 7,
        },
        size,
      )
      freezing.push(() => {
        return { bytes: joined(recorder.freeze('the simulator', `seed ${seed}`, last)), changes }
      })
      return {
        feed: input => {
          last = input.now
          if (input.input === 'AdvertReceived') {
            const { advert, source } = input
            const destination = groups[advert.family]
            const payload = encodeAdvert(advert, {
              ...{ source, destination, checksum: 'with-pseudo-header', seal: { kind: 'none' } },
            })
            recorder.heard('eth0', { source, destination, payload, ttl: 255 }, last)
          }
          recorder.input(input)
          const effects = ensemble.feed(input)
          recorder.fed(effects, last)
          changes += effects.filter(({ effect }) => effect === 'StateChanged').length
          return effects
        },
        wakeAt: () => ensemble.wakeAt(),
        members: () => ensemble.members(),
      }
    },
  })
  return freezing.map(freeze => freeze())
}

/** The inputs of a flight fed to an ensemble that goes on from its checkpoint. Null: as it was. */
export function refly(bytes: Uint8Array): {
  readonly flight: Flight
  readonly difference: string | null
} {
  const flight = readFlight(bytes)
  if (flight === null || flight.checkpoint === null) throw new Error('it is no flight')
  const ensemble = Ensemble.from(flight.checkpoint)
  const changes = flight.inputs.flatMap(input => ensemble.feed(input)).flatMap(changeOf)
  const states = Object.fromEntries(
    ensemble.members().map(({ config, state }) => [config.name, state.kind]),
  )
  const [then, now] = [
    { changes: flight.changes, states: flight.states },
    { changes, states },
  ]
  const isSame = isDeepStrictEqual(then, now)
  const difference = isSame ? null : `then ${JSON.stringify(then)}\nnow  ${JSON.stringify(now)}`
  return { flight, difference }
}

const changeOf = (effect: EnsembleEffect): object[] => {
  if (effect.effect !== 'StateChanged') return []
  const { router, from, to, why } = effect
  return [{ router, from, to, why }]
}
