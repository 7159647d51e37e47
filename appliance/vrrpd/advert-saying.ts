import type { Journal } from '../linux/journal.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { RawIpSocket } from '../linux/raw-ip-socket.ts'
import type { IpAddress } from '../values/ip-address.ts'
import { unixTime } from '../values/unix-time.ts'
import type { RouterConfig } from '../vrrp/router-config.ts'
import { groupOf } from './advert-sockets.ts'
import type { FlightLog } from './flight-log.ts'
import type { RouterHere } from './router-here.ts'

export type Mouth = {
  readonly flight: FlightLog
  readonly journal: Journal
  /** Null while the router's interface is not there. */
  readonly socket: RawIpSocket | null
  /** Null while the interface has no address. */
  readonly self: IpAddress | null
  /** Where a release is said too: it must arrive even when our own interface is what failed. */
  readonly seconds: readonly { readonly socket: RawIpSocket; readonly interface: string }[]
  readonly sourceOn: (name: string) => IpAddress | null
}

/** Sends an advert of a router to everybody who is to hear it. */
export function say(here: RouterHere, priority: number, mouth: Mouth): void {
  const { config, counters } = here
  const { socket, self, seconds, sourceOn } = mouth
  counters.sent += 1
  if (priority === 0) counters.priorityZeroSent += 1
  if (self !== null && socket !== null) {
    const { transport } = config
    const to = transport.kind === 'multicast' ? [transport.group] : transport.peers
    const on = config.interface
    for (const destination of to) {
      send(here, priority, mouth, { on, socket, source: self, destination })
    }
  }
  for (const second of seconds) {
    const source = sourceOn(second.interface)
    const destination = groupOf(config, true)
    if (source === null || destination === null) continue
    const way = { on: second.interface, socket: second.socket, source, destination }
    send(here, priority, mouth, way)
  }
}

type Way = {
  readonly on: string
  readonly socket: RawIpSocket
  readonly source: IpAddress
  readonly destination: IpAddress
}

function send(here: RouterHere, priority: number, { journal, flight }: Mouth, way: Way): void {
  const { on, socket, source, destination } = way
  const bytes = here.sender.bytes(priority, source, destination, unixTime(Date.now()))
  const outcome = socket.send(bytes, destination, source)
  if (outcome === 'sent') {
    flight.said(on, { source, destination, payload: bytes, ttl: ttlOf(here.config) })
    return
  }
  here.counters.sendFailures += 1
  journal.repeated(here.config.name, `send-${outcome}`, now(), () => {
    return `an advert to ${destination} was not sent: ${outcome}`
  })
}

const ttlOf = ({ transport }: RouterConfig): number =>
  transport.kind === 'multicast' ? 255 : transport.ttl
