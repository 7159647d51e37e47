import type { FlightNote, FromFlight } from '../flight/flight-messages.ts'
import { joined } from '../flight/flight-reader.ts'
import { FlightRecorder } from '../flight/flight-recorder.ts'
import { isSerial, type PathConfig } from '../guard/guard-config.ts'
import type { Interfaces } from '../linux/interfaces.ts'
import { now } from '../linux/monotonic-clock.ts'
import type { Datagram } from '../linux/raw-ip-socket.ts'
import type { Instant } from '../values/duration.ts'
import { familyOf, type IpAddress, ipAddress } from '../values/ip-address.ts'
import type { Ensemble, EnsembleEffect, EnsembleInput } from '../vrrp/ensemble.ts'

/** What came of it belongs to it: the other box's answer, announcements, a second change. */
const frozenAfterMs = 3000
/** A piece is some tenths of a millisecond of work; adverts go out between two of them. */
const pieceBytes = 48 * 1024
const pieceEveryMs = 10
/** Of announcements, in a second: a burst for a thousand addresses looks the same all the way. */
const mostAnnounced = 200
/** Of what strangers may send at will, in a second: it must not push out all else. */
const mostStrange = 200

/** What tells of the change that a flight is about. */
const ofChange: ReadonlySet<string> = new Set(['master', 'backup', 'fault', 'stopped'])
const splitBrain = 'split-brain'

type Pending = {
  readonly note: Omit<FlightNote, 'about'>
  readonly about: Set<string>
}

export type FlightLogSite = {
  readonly application: string
  readonly send: (message: FromFlight) => void
}

/** Keeps the last minutes, and hands them to the supervisor some seconds after each failover. */
export class FlightLog {
  readonly #site: FlightLogSite
  #recorder: FlightRecorder | null = null
  #next: number | null = null
  #pending: Pending | null = null
  #timer: NodeJS.Timeout | null = null
  #announcedSince = 0
  #strangeSince = 0
  #strange = 0
  #announced = 0

  constructor(site: FlightLogSite) {
    this.#site = site
  }

  watch(ensemble: Ensemble, interfaces: Interfaces): void {
    this.#recorder = new FlightRecorder({
      checkpoint: () => ensemble.checkpoint(),
      toUnix: () => Date.now() - now(),
      indexOf: name => interfaces.named(name)?.index ?? 0,
    })
  }

  /** As the supervisor counts them. */
  number(next: number): void {
    this.#next = Math.max(next, (this.#pending?.note.number ?? 0) + 1)
  }

  heard(on: string, datagram: Datagram): void {
    this.#recorder?.heard(on, datagram, datagram.arrived)
  }

  /** What was heard last is nothing to us. */
  refuse(): void {
    this.#recorder?.refuse(now())
  }

  said(on: string, packet: Omit<Datagram, 'arrived'>): void {
    this.#recorder?.said(on, packet, now())
  }

  frame(on: string, direction: 'in' | 'out', bytes: Uint8Array): void {
    const at = now()
    if (direction === 'in' && this.#isFlood(at)) return
    this.#recorder?.frame(on, direction, bytes, at)
  }

  readonly announced = (on: string, bytes: Uint8Array): void => {
    const at = now()
    if (at - this.#announcedSince > 1000) {
      this.#announcedSince = at
      this.#announced = 0
    }
    this.#announced += 1
    if (this.#announced <= mostAnnounced) this.#recorder?.frame(on, 'out', bytes, at)
  }

  heartbeat(path: PathConfig, direction: 'in' | 'out', payload: Uint8Array, at: Instant): void {
    if (direction === 'in' && this.#isFlood(at)) return
    if (isSerial(path)) {
      const packet = { source: nowhere, destination: nowhere, payload, ttl: 64, port: serialPort }
      this.#recorder?.datagram(path.serial, direction, packet, at)
      return
    }
    const { interface: on, peer, port } = path
    const here = path.source ?? unknown(peer)
    const [source, destination] = direction === 'in' ? [peer, here] : [here, peer]
    this.#recorder?.datagram(on, direction, { source, destination, payload, ttl: 64, port }, at)
  }

  #isFlood(at: Instant): boolean {
    if (at - this.#strangeSince > 1000) {
      this.#strangeSince = at
      this.#strange = 0
    }
    this.#strange += 1
    return this.#strange > mostStrange
  }

  input(input: EnsembleInput): void {
    this.#recorder?.input(input)
  }

  fed(effects: readonly EnsembleEffect[], at: Instant): void {
    if (effects.length === 0) return
    this.#recorder?.fed(effects, at)
    for (const effect of effects) {
      if (effect.effect !== 'StateChanged') continue
      const { router, from, to, why } = effect
      if (from !== 'master' && to !== 'master') continue
      this.#begin(router, to === 'master' ? `it became master: ${why}` : `it left master: ${why}`)
    }
  }

  /** The number of the flight that shows what an event tells of; null: it is of none. */
  numberFor(about: string, event: string, text: string): number | null {
    if (event === splitBrain) this.#begin(about, text)
    else if (!ofChange.has(event)) return null
    return this.#pending?.about.has(about) ? this.#pending.note.number : null
  }

  #begin(router: string, why: string): void {
    if (this.#pending === null) {
      if (this.#next === null) return
      const note = { number: this.#next, at: new Date().toISOString(), why: `${router}: ${why}` }
      this.#next += 1
      this.#pending = { note, about: new Set() }
      this.#timer = setTimeout(() => this.#freeze(), frozenAfterMs)
    }
    this.#pending.about.add(router)
  }

  #freeze(): void {
    const [pending, recorder] = [this.#pending, this.#recorder]
    this.#pending = null
    if (pending === null || recorder === null) return
    const note: FlightNote = { ...pending.note, about: [...pending.about] }
    const comment = `flight ${note.number}, ${note.at}: ${note.why}`
    const bytes = joined(recorder.freeze(this.#site.application, comment, now()))
    this.#hand(note, bytes, 0)
  }

  /** Not all at once: the next advert does not wait for it. */
  #hand(note: FlightNote, bytes: Uint8Array, from: number): void {
    if (from >= bytes.length) {
      this.#site.send({ kind: 'flight-end', ...note })
      return
    }
    const piece = Buffer.from(
      bytes.buffer,
      bytes.byteOffset + from,
      Math.min(pieceBytes, bytes.length - from),
    )
    this.#site.send({ kind: 'flight-part', number: note.number, bytes: piece.toString('base64') })
    setTimeout(() => this.#hand(note, bytes, from + pieceBytes), pieceEveryMs).unref()
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#recorder = null
  }
}

/** A serial line has no addresses; in a recording it looks like the others. */
const nowhere = ipAddress('0.0.0.0')
const serialPort = 9694

const unknown = (peer: IpAddress): IpAddress =>
  ipAddress(familyOf(peer) === 'inet' ? '0.0.0.0' : '::')
