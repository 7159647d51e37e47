/**
 * Two boxes with real ensembles and real guards in virtual time: adverts on one network, heartbeats
 * on others, a witness, and everything that breaks there. The same seed is the same run.
 *
 *   plan.ts   what will happen    box.ts   the shell around the pure parts
 *   watch.ts  what must hold       forger.ts  who means them no good
 */

import { LeaseBook } from '../../../appliance/guard/lease-book.ts'
import { decodeLease, encodeLease } from '../../../appliance/guard/lease-message.ts'
import { instant } from '../../../appliance/values/duration.ts'
import type { EnsembleInput } from '../../../appliance/vrrp/ensemble.ts'
import { Random } from '../random.ts'
import { Tally } from '../tally.ts'
import { Timeline } from '../timeline.ts'
import { Trouble } from '../trouble.ts'
import { GuardBox, quickHmac } from './box.ts'
import { Forger } from './forger.ts'
import { drawPlan, type Fault, longestWay, type Plan, witnessSecret } from './plan.ts'
import { Watch } from './watch.ts'

class Violation extends Error {}

type Way = {
  cuts: number
  lossy: number
  late: number
  lastArrival: number
  readonly trouble: Trouble
}

export class GuardWorld {
  readonly timeline = new Timeline()
  readonly tally = new Tally()
  readonly random: Random
  readonly plan: Plan
  readonly boxes: readonly [GuardBox, GuardBox]
  readonly watch: Watch
  readonly forger = new Forger(this)
  readonly #ways: ReadonlyMap<string, readonly [Way, Way]>
  /** It has run for long. */
  readonly #book = new LeaseBook(1, instant(-10_000))
  readonly #log: ((line: string) => void) | null

  constructor(seed: number, log: ((line: string) => void) | null) {
    this.#log = log
    this.random = new Random(seed)
    this.plan = drawPlan(this.random)
    const way = (): Way => ({ cuts: 0, lossy: 0, late: 0, lastArrival: 0, trouble: new Trouble() })
    this.#ways = new Map(this.plan.segments.map(name => [name, [way(), way()]]))
    this.watch = new Watch(this)
    this.boxes = [new GuardBox(this, 0), new GuardBox(this, 1)]
  }

  log(text: () => string): void {
    this.#log?.(`${this.timeline.now.toFixed(3).padStart(12)}  ${text()}`)
  }

  violate(message: string): never {
    throw new Violation(`at ${this.timeline.now.toFixed(3)} ms: ${message}`)
  }

  /** From when on both directions were in order; Infinity: one is not. */
  quietSince(segment: string): number {
    const ways = this.#ways.get(segment)!
    return Math.max(...ways.map(({ trouble }) => trouble.quietSince()))
  }

  /** From when on nothing was out of order anywhere. */
  calmSince(): number {
    if (this.boxes.some(box => box.isImpeded())) return Infinity
    const ways = [...this.#ways.keys()].map(name => this.quietSince(name))
    const others = [...this.boxes, this.forger].map(({ trouble }) => trouble.quietSince())
    return Math.max(...ways, ...others)
  }

  send(segment: string, from: 0 | 1, what: Uint8Array | EnsembleInput): void {
    if ('input' in what && what.input === 'AdvertReceived') this.forger.overhear(what)
    const way = this.#ways.get(segment)![from]
    if (way.cuts > 0 || (way.lossy > 0 && this.random.chance(0.5))) return
    const held = way.late > 0 ? this.plan.guards[from].interval : 0
    const soonest = this.timeline.now + held + this.random.between(0.05, longestWay)
    way.lastArrival = Math.max(way.lastArrival, soonest)
    const to = this.boxes[from === 0 ? 1 : 0]
    this.timeline.at(way.lastArrival, () => to.arrives(segment, what))
  }

  /** There and back; what is cut off meanwhile gets no answer. */
  askWitness(from: 0 | 1, bytes: Uint8Array): void {
    this.timeline.after(this.random.between(0.05, longestWay), () => {
      const decoded = decodeLease(bytes, witnessSecret, quickHmac)
      if (decoded.kind === 'rejected') this.violate(`the witness: ${decoded.reason}`)
      const answer = this.#book.answer(decoded.message, instant(this.timeline.now))
      if (answer === null) return
      this.tally.count(`lease: ${answer.kind}`)
      const back = encodeLease(answer, witnessSecret, quickHmac)
      this.timeline.after(this.random.between(0.05, longestWay), () => {
        if (this.boxes[from].witnessLost === 0) this.boxes[from].arrives('witness', back)
      })
    })
  }

  run(): string | null {
    const { timeline, plan } = this
    timeline.at(0, () => this.boxes[0].start())
    timeline.at(this.random.between(0, 500), () => this.boxes[1].start())
    for (const fault of plan.faults) {
      timeline.at(fault.at, () => {
        this.tally.count(`fault: ${fault.kind}`)
        this.log(() => `-- ${JSON.stringify(fault)}`)
        this.#apply(fault, true)
      })
      timeline.at(fault.until, () => {
        this.log(() => `-- over: ${fault.kind}`)
        this.#apply(fault, false)
      })
    }
    try {
      timeline.runUntil(plan.settledAt + 500)
      this.watch.settled()
      timeline.runUntil(plan.endsAt + 500)
      return null
    } catch (error) {
      if (error instanceof Violation) return error.message
      return `it throws: ${error instanceof Error ? error.stack : String(error)}`
    }
  }

  #apply(fault: Fault, begins: boolean): void {
    this.watch.beforeTrouble()
    switch (fault.kind) {
      case 'cut':
      case 'loss':
      case 'late':
        for (const from of [0, 1] as const) {
          if (fault.from === from || fault.from === 'both') {
            this.#spoil(fault.segment, from, fault.kind, begins)
          }
        }
        break
      case 'every path is cut':
        for (const segment of plan(this)) this.#cutBoth(segment, begins)
        break
      case 'dead cable':
        this.#cutBoth(fault.segment, begins)
        for (const box of this.boxes) box.setCable(fault.segment, begins)
        break
      case 'no carrier':
        this.boxes[fault.box].setCarrier(begins)
        break
      case 'no witness':
        this.boxes[fault.box].setWitness(begins)
        break
      case 'failover':
        if (begins) this.boxes[fault.box].failOver()
        break
      case 'forger':
        if (begins) this.forger.begin(fault.lies, fault.every)
        else this.forger.end(fault.lies)
        break
      default:
        this.#applyToBox(fault.kind, this.boxes[fault.box], begins)
    }
  }

  #applyToBox(
    kind: 'power loss' | 'kill' | 'restart' | 'stall',
    box: GuardBox,
    begins: boolean,
  ): void {
    if (kind === 'stall') {
      if (begins) box.freeze()
      else box.thaw()
      return
    }
    if (!begins) box.start()
    else if (kind === 'kill') box.kill()
    else if (kind === 'restart') box.stop()
    else box.powerOff()
  }

  #cutBoth(segment: string, begins: boolean): void {
    for (const from of [0, 1] as const) this.#spoil(segment, from, 'cut', begins)
  }

  #spoil(segment: string, from: 0 | 1, kind: 'cut' | 'loss' | 'late', begins: boolean): void {
    const way = this.#ways.get(segment)![from]
    if (kind === 'cut') way.cuts += begins ? 1 : -1
    else if (kind === 'loss') way.lossy += begins ? 1 : -1
    else way.late += begins ? 1 : -1
    if (begins) way.trouble.begin()
    else way.trouble.end(Math.max(this.timeline.now, way.lastArrival))
  }
}

const plan = ({ plan: { segments } }: GuardWorld): readonly string[] => segments

export type GuardOutcome = {
  readonly seed: number
  readonly violation: string | null
  readonly tally: ReadonlyMap<string, number>
}

/** One run: the seed decides everything that happens in it. */
export function simulateGuard(
  seed: number,
  log: ((line: string) => void) | null = null,
): GuardOutcome {
  const world = new GuardWorld(seed, log)
  const violation = world.run()
  if (violation !== null) world.log(() => `VIOLATION ${violation}`)
  return { seed, violation, tally: world.tally.counts }
}
