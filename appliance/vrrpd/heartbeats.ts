import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Claim, Disbelieved } from '../guard/claim-watch.ts'
import { Guard } from '../guard/guard.ts'
import { type GuardConfig, isSerial, type UdpPath } from '../guard/guard-config.ts'
import { guardReport } from '../guard/guard-report.ts'
import type { Interfaces } from '../linux/interfaces.ts'
import type { Journal } from '../linux/journal.ts'
import { now } from '../linux/monotonic-clock.ts'
import { PreciseTimer } from '../linux/precise-timer.ts'
import type { GuardReport } from '../status/guard-status.ts'
import { after, type Instant } from '../values/duration.ts'
import type { HmacSha256 } from '../vrrp/advert.ts'
import type { EnsembleInput, Member } from '../vrrp/ensemble.ts'
import type { Verdict } from '../vrrp/priority.ts'
import { ConflictWatch } from './conflict-watch.ts'
import type { FlightLog } from './flight-log.ts'
import { HeartbeatPaths } from './heartbeat-paths.ts'
import { verdictOn } from './interface-view.ts'
import { LeaseAsking } from './lease-asking.ts'
import { SerialPaths } from './serial-paths.ts'

export type HeartbeatsSite = {
  readonly hmac: HmacSha256
  readonly journal: Journal
  readonly flight: FlightLog
  readonly interfaces: Interfaces
  readonly members: () => readonly Member[]
  readonly lacking: () => ReadonlyMap<string, string>
  readonly verdicts: () => ReadonlyMap<string, Verdict>
  readonly feed: (input: EnsembleInput) => void
  /** Something is there to read: what waits on all sockets comes in. */
  readonly onReadable: () => void
  readonly onChange: () => void
  readonly onDisbelieved: (found: Disbelieved) => void
}

/** The shell of the guard: sends heartbeats in time and at once, hands in what comes. */
export class Heartbeats {
  readonly #site: HeartbeatsSite
  readonly #paths: HeartbeatPaths
  readonly #serial: SerialPaths
  readonly #conflicts: ConflictWatch
  readonly #asking: LeaseAsking
  #leases = ''
  readonly #timer: PreciseTimer
  /** Null until it is configured. */
  #guard: Guard | null = null

  constructor(site: HeartbeatsSite) {
    this.#site = site
    this.#paths = new HeartbeatPaths({
      onReadable: site.onReadable,
      onHeartbeat: (path, bytes, arrived) => this.#hear(path, bytes, arrived),
      onRefused: (path, why) => site.journal.repeated(path, 'heartbeat-socket', now(), () => why),
    })
    this.#serial = new SerialPaths({
      onReadable: site.onReadable,
      onHeartbeat: (path, bytes, arrived) => this.#hear(path, bytes, arrived),
      onChange: () => {
        this.#seeLinks()
        site.onChange()
      },
    })
    this.#conflicts = new ConflictWatch({
      interfaces: site.interfaces,
      onConflict: (router, address, mac) =>
        this.#seeTwo(router, `${address} is at ${mac} too, by ARP`),
      onRefused: why => site.journal.repeated('box', 'conflict-watch', now(), () => why),
      onFrame: (on, direction, frame) => site.flight.frame(on, direction, frame),
    })
    this.#asking = new LeaseAsking({
      guard: () => this.#guard,
      onNews: () => {
        // What waits comes before any silence is found.
        site.onReadable()
        this.onVerdicts()
      },
      onRefused: (name, why) => site.journal.repeated(name, 'witness-socket', now(), () => why),
    })
    this.#timer = PreciseTimer.open(() => this.#onTimer())
  }

  configure(config: GuardConfig): void {
    if (this.#guard === null) this.#guard = new Guard(this.#guardSite(), config, now())
    else this.#guard.configure(config, now())
    this.onInterfaces()
    this.#site.feed(this.#guard.guarded(now()))
    this.onVerdicts()
    this.beat()
  }

  #guardSite(): ConstructorParameters<typeof Guard>[0] {
    const { hmac, members, lacking, journal, onChange, onDisbelieved } = this.#site
    return {
      hmac,
      members,
      lacking,
      // 48 bits, and 0 is nobody's.
      boot: randomBytes(6).readUIntBE(0, 6) || 1,
      name: hostname(),
      onDisbelieved,
      onNews: ({ about, event, text }) => {
        journal.note(about, event, text)
        onChange()
      },
    }
  }

  /** They come, go, lose their carrier. */
  onInterfaces(): void {
    if (this.#guard === null) return
    const { paths } = this.#guard.config
    const all = this.#site.interfaces.all()
    const overUdp = paths.filter((path): path is UdpPath => !isSerial(path))
    this.#paths.want(overUdp, new Map(all.map(({ name, index }) => [name, index])))
    this.#serial.want(paths.filter(isSerial))
    this.#seeLinks()
    this.#conflicts.look(this.#site.members())
  }

  #seeLinks(): void {
    if (this.#guard === null) return
    const obstacles = this.#guard.config.paths.flatMap(path => {
      if (isSerial(path)) return []
      const { state, why } = verdictOn(this.#site.interfaces.named(path.interface), path.interface)
      return [[path.name, state === 'up' ? null : `${path.interface}: ${why}`] as const]
    })
    const all = new Map<string, string | null>([...obstacles, ...this.#serial.obstacles])
    this.#feed(this.#guard.seeLinks(all, now()))
  }

  onVerdicts(): void {
    if (this.#guard === null) return
    this.#feed(this.#guard.look(now(), this.#site.verdicts()))
    this.#asking.ask()
    const leases = this.#guard.leases.picture(now())
    if (leases !== this.#leases) this.#site.onChange()
    this.#leases = leases
  }

  /** The other box is off. */
  onFenced(id: string, how: string): void {
    if (this.#guard !== null) this.#feed(this.#guard.confirmFenced(id, how, now()))
  }

  /** False: the heartbeats of the other box say otherwise, or have yet to say it. */
  onAdvert(claim: Claim, member: Member, isSigned: boolean): boolean {
    return this.#guard?.takes(claim, member, isSigned) ?? true
  }

  /** The box stood still, and so did its monotonic clock. */
  onPaused(): void {
    this.#guard?.claims.forget()
  }

  /** Another master was heard while this box is one too. */
  onOtherMaster(router: string, { address, priority }: OtherMaster): void {
    this.#seeTwo(router, `adverts of ${address} with priority ${priority}`)
  }

  #seeTwo(router: string, sign: string): void {
    this.#guard?.seeSign(router, sign, now())
    this.#arm()
  }

  /** Of a router: said at once, over every path. */
  onStateChanged(): void {
    this.#conflicts.look(this.#site.members())
    this.#asking.ask()
    this.beat()
  }

  onNoMaster(router: string): void {
    this.#guard?.endSplit(router, 'this box has given way', now())
  }

  drain(): void {
    this.#paths.drain()
    this.#serial.drain()
  }

  /** Says at once how things are, over every path. */
  beat(changed = true): void {
    const guard = this.#guard
    if (guard === null || guard.paths.size === 0) return
    const onSent = (name: string, outcome: string, packet: Uint8Array): void => {
      const path = guard.paths.get(name)
      this.#record(name, 'out', packet, now())
      if (outcome === 'sent' && path !== undefined) path.sent += 1
    }
    const packets = guard.heartbeats(now())
    this.#paths.send(packets, onSent)
    const again = guard.again.bind(guard)
    const beat = { packets, again, changed }
    this.#serial.send(beat, (name, packet) => onSent(name, 'sent', packet))
    this.#arm()
  }

  /** Without a path there is something to look at only while two boxes are master. */
  #arm(): void {
    const guard = this.#guard
    if (guard === null || (guard.paths.size === 0 && guard.splits.all().length === 0)) return
    this.#timer.arm(after(now(), guard.config.interval))
  }

  /** Null until it is configured. */
  report(iso: (moment: Instant) => string): GuardReport | null {
    return this.#guard === null ? null : guardReport(this.#guard, now(), iso)
  }

  close(): void {
    this.#timer.close()
    this.#conflicts.close()
    this.#asking.close()
    this.#paths.close()
    this.#serial.close()
  }

  #hear(path: string, bytes: Uint8Array, arrived: Instant): void {
    this.#record(path, 'in', bytes, arrived)
    if (this.#guard !== null) this.#feed(this.#guard.hear(path, bytes, arrived))
  }

  #record(name: string, direction: 'in' | 'out', bytes: Uint8Array, at: Instant): void {
    const path = this.#guard?.config.paths.find(each => each.name === name)
    if (path !== undefined) this.#site.flight.heartbeat(path, direction, bytes, at)
  }

  #onTimer(): void {
    const guard = this.#guard
    if (guard === null) return
    // What waits comes before any silence is found.
    this.#site.onReadable()
    this.onVerdicts()
    this.beat(false)
    this.#arm()
  }

  #feed(inputs: readonly EnsembleInput[]): void {
    for (const input of inputs) this.#site.feed(input)
  }
}

type OtherMaster = { readonly address: string; readonly priority: number }
