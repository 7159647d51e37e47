import type { Disbelieved } from '../guard/claim-watch.ts'
import type { Journal } from '../linux/journal.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { Datagram } from '../linux/raw-ip-socket.ts'
import type { IpAddress } from '../values/ip-address.ts'
import { type UnixTime, unixTime } from '../values/unix-time.ts'
import type { Advert, HmacSha256 } from '../vrrp/advert.ts'
import { decodeAdvert } from '../vrrp/decode.ts'
import type { Expectations } from '../vrrp/expectations.ts'
import type { SpokenHow } from '../vrrp/speakers.ts'
import type { FlightLog } from './flight-log.ts'
import type { RouterHere } from './router-here.ts'

export type Ear = {
  /** The interface. */
  readonly on: string
  readonly flight: FlightLog
  readonly hmac: HmacSha256
  readonly journal: Journal
  readonly secondPath: boolean
  /** The source of our own adverts. */
  readonly self: IpAddress | null
}

type Heard = { readonly advert: Advert; readonly isSigned: boolean }

/** What a router makes of a packet: an advert that passed every check, or a count of why not. */
export function hear(here: RouterHere, datagram: Datagram, ear: Ear): Heard | null {
  const { counters, config } = here
  const { journal, flight, hmac, secondPath, self } = ear
  flight.heard(ear.on, datagram)
  const expectations = here.expectations(self)
  const decoded = decodeAdvert(
    datagram,
    secondPath ? onSecondPath(expectations, datagram.destination) : expectations,
    { hmac, now: arrivalOf(datagram), replay: here.replay },
  )
  const how = spokenHow(decoded)
  if (how !== null && !secondPath) here.speakers.hear(datagram.source, how, datagram.arrived)
  if (decoded.kind === 'rejected') {
    flight.refuse()
    const { reason, detail } = decoded
    counters.rejected[reason] = (counters.rejected[reason] ?? 0) + 1
    journal.repeated(config.name, `rejected-${reason}`, now(), () => {
      return `an advert of ${datagram.source} was refused: ${detail}`
    })
    return null
  }
  const { advert, addressesDiffer, checksumForm } = decoded
  here.replay = decoded.replay
  counters.received += 1
  if (advert.priority === 0) counters.priorityZeroReceived += 1
  // v2 has no other form.
  if (config.version === 3 && checksumForm === 'without-pseudo-header') {
    counters.withoutPseudoHeader += 1
  }
  if (addressesDiffer) {
    counters.addressesDiffer += 1
    journal.repeated(config.name, 'addresses-differ', now(), () => {
      return `${datagram.source} advertises other addresses: ${advert.addresses.join(', ')}`
    })
  }
  return { advert, isSigned: decoded.signed !== null }
}

/** It was right by itself, and is not what the heartbeats say. */
export function disbelieve(
  here: RouterHere | undefined,
  { router, source, reason, times, now: at }: Disbelieved,
  journal: Journal,
): void {
  if (here === undefined) return
  const { counters, speakers } = here
  counters.rejected[reason] = (counters.rejected[reason] ?? 0) + times
  speakers.disbelieve(source, at)
  journal.repeated(router, `rejected-${reason}`, now(), () => {
    return `an advert of ${source} was refused: ${disbeliefs[reason]}`
  })
}

const disbeliefs = {
  contradicted: 'the heartbeats of the other box say otherwise',
  'third-speaker': 'one of the pair leads, and it is from neither',
} as const

/** Null: it is our own, come back, or one of the other box that came twice. */
function spokenHow(decoded: ReturnType<typeof decodeAdvert>): SpokenHow | null {
  if (decoded.kind === 'advert') return decoded.signed === null ? 'taken' : 'signed'
  return decoded.reason === 'own-source' || decoded.reason === 'hmac-replayed' ? null : 'refused'
}

/** What was signed in time stays so while it waits for us: see `window` in advert.ts. */
const arrivalOf = ({ arrived }: Datagram): UnixTime => unixTime(Date.now() - (now() - arrived))

/** There a release goes to the group, whatever the router's own adverts do. */
const onSecondPath = (expected: Expectations, group: IpAddress): Expectations => ({
  ...expected,
  transport: { kind: 'multicast', group },
  // Our own address on that path is another one.
  self: null,
})
