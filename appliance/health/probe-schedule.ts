/**
 * When each probe runs. It changes in place: thousands of probes a second pass here.
 *
 *   resting ─its time─> (waiting for a free place) ─> asking ─ended─> resting
 *
 * Starts lie on a grid of intervals, each probe's at its own phase: no drift, and the probes stay
 * spread. The first round is asked at once, within a second. After a stall of the box the probes
 * that were missed are not made up in one burst: each goes on at its next place on the grid.
 */

import {
  after,
  between,
  type Duration,
  type Instant,
  instant,
  milliseconds,
} from '../values/duration.ts'
import type { Probe } from './check.ts'
import { type Due, DueQueue } from './due-queue.ts'

export type Start = {
  readonly probe: Probe
  /** Findings of another run are not this one's. */
  readonly run: number
  readonly deadline: Instant
  /** How long after its time. */
  readonly late: Duration
}

export type Run = { readonly probe: Probe; readonly run: number }

/** How many run at once; more wait in the order in which they became due. */
export type Places = {
  readonly sockets: number
  /** Each is a process. */
  readonly scripts: number
}

const defaultPlaces: Places = { sockets: 1000, scripts: 32 }

/** Timers within it are one: 2,000 wakes a second would cost more than the probes. */
const grain: Duration = milliseconds(5)
/** A run is ended at its deadline by whoever runs it; so long its last words are waited for. */
const lastWords: Duration = milliseconds(20)
/** A box that is so late stood still, or has too much to do. */
const stall: Duration = milliseconds(100)
const firstRound: Duration = milliseconds(1000)

type Slot = Due & {
  readonly probe: Probe
  readonly lane: Lane
  /** A place on its grid. */
  readonly anchor: Instant
  /** Of the present or the last start. */
  plannedAt: Instant
  startedAt: Instant
  phase: 'resting' | 'waiting' | 'asking'
  run: number
  inDoubt: boolean
  /** It was spared a start, or given time for an answer that may lie in the socket; only once. */
  indulged: boolean
}

type Lane = { readonly places: number; taken: number; readonly waiting: Set<Slot> }

export class ProbeSchedule {
  readonly #slots = new Map<string, Slot>()
  readonly #queue = new DueQueue<Slot>()
  readonly #sockets: Lane
  readonly #scripts: Lane
  #runs = 0

  constructor(places: Places = defaultPlaces) {
    this.#sockets = { places: places.sockets, taken: 0, waiting: new Set() }
    this.#scripts = { places: places.scripts, taken: 0, waiting: new Set() }
  }

  /**
   * Those that stay go on as if nothing had been said. `random` is in [0, 1): two boxes do not ask
   * at the same moments. Gives the runs of probes that are gone.
   */
  configure(probes: ReadonlyMap<string, Probe>, random: number, now: Instant): readonly Run[] {
    const abandoned: Run[] = []
    for (const [id, slot] of this.#slots) {
      if (probes.has(id)) continue
      if (slot.phase === 'asking') abandoned.push({ probe: slot.probe, run: slot.run })
      this.#free(slot)
      this.#queue.remove(slot)
      this.#slots.delete(id)
    }
    const fresh = [...probes.values()].filter(({ id }) => !this.#slots.has(id))
    fresh.forEach((probe, index) => {
      const slot = this.#newSlot(probe, (index + random) / fresh.length, now)
      this.#slots.set(probe.id, slot)
      this.#queue.add(slot, slot.plannedAt)
    })
    return abandoned
  }

  /** Which runs to start, and which have taken longer than their timeout: tell `ended` of those. */
  due(now: Instant): { readonly starts: readonly Start[]; readonly overdue: readonly Run[] } {
    const overdue: Run[] = []
    for (const slot of this.#queue.takeAll(now)) {
      if (slot.phase === 'asking') {
        if (this.#mayHaveAnswer(slot, now)) this.#queue.add(slot, after(now, grain))
        else overdue.push({ probe: slot.probe, run: slot.run })
      } else if (stoodStill(slot, now)) {
        slot.indulged = true
        slot.plannedAt = nextOnGrid(slot, slot.plannedAt, now)
        this.#queue.add(slot, slot.plannedAt)
      } else {
        slot.phase = 'waiting'
        slot.lane.waiting.add(slot)
      }
    }
    return { starts: this.#fill(now), overdue }
  }

  /** How long it took; null: it is a run that nobody waits for. `due` starts who waited. */
  tookOf(id: string, run: number, now: Instant): Duration | null {
    const slot = this.#slots.get(id)
    const current = slot !== undefined && slot.phase === 'asking' && slot.run === run
    return current ? between(slot.startedAt, now) : null
  }

  ended(id: string, run: number, inDoubt: boolean, now: Instant): void {
    const slot = this.#slots.get(id)
    if (slot === undefined || slot.phase !== 'asking' || slot.run !== run) return
    this.#free(slot)
    slot.phase = 'resting'
    slot.inDoubt = inDoubt
    slot.indulged = false
    if (inDoubt) {
      const retryAt = after(slot.startedAt, slot.probe.check.pace.retryInterval)
      slot.plannedAt = instant(Math.max(retryAt, now))
    } else slot.plannedAt = nextOnGrid(slot, slot.plannedAt, now)
    this.#queue.add(slot, slot.plannedAt)
  }

  /** Beside its grid, which stays. */
  askNow(id: string, now: Instant): void {
    const slot = this.#slots.get(id)
    if (slot === undefined || slot.phase !== 'resting') return
    slot.plannedAt = now
    this.#queue.add(slot, now)
  }

  /** When `due` wants to be called next. */
  wakeAt(): Instant | null {
    const { first } = this.#queue
    return first === null ? null : instant(Math.ceil(first.dueAt / grain) * grain)
  }

  get asking(): number {
    return this.#sockets.taken + this.#scripts.taken
  }

  get waiting(): number {
    return this.#sockets.waiting.size + this.#scripts.waiting.size
  }

  #newSlot(probe: Probe, share: number, now: Instant): Slot {
    const { interval, warmUp } = probe.check.pace
    const first = warmUp > 0 ? warmUp : Math.min(interval, firstRound)
    return {
      probe,
      lane: probe.check.question.kind === 'script' ? this.#scripts : this.#sockets,
      // The phase comes from the whole interval: a quick first round does not bunch the later ones.
      anchor: instant(now + share * (warmUp > 0 ? warmUp : interval)),
      plannedAt: instant(now + share * first),
      startedAt: now,
      phase: 'resting',
      run: 0,
      inDoubt: false,
      indulged: false,
      dueAt: now,
      place: -1,
    }
  }

  #fill(now: Instant): readonly Start[] {
    const starts: Start[] = []
    for (const lane of [this.#sockets, this.#scripts]) {
      for (const slot of lane.waiting) {
        if (lane.taken >= lane.places) break
        lane.waiting.delete(slot)
        lane.taken += 1
        starts.push(this.#start(slot, now))
      }
    }
    return starts
  }

  #start(slot: Slot, now: Instant): Start {
    this.#runs += 1
    slot.run = this.#runs
    slot.phase = 'asking'
    slot.startedAt = now
    slot.indulged = false
    const deadline = after(now, slot.probe.check.pace.timeout)
    this.#queue.add(slot, after(deadline, lastWords))
    return { probe: slot.probe, run: slot.run, deadline, late: between(slot.plannedAt, now) }
  }

  #free(slot: Slot): void {
    if (slot.phase === 'asking') slot.lane.taken -= 1
    slot.lane.waiting.delete(slot)
  }

  /** After a stall Node runs the timer before it reads the answer that has been there for long. */
  #mayHaveAnswer(slot: Slot, now: Instant): boolean {
    if (slot.indulged || now - slot.dueAt <= 4 * grain) return false
    slot.indulged = true
    return true
  }
}

/** Never twice in a row, or a box that is always late would never ask. The first round is due. */
function stoodStill(slot: Slot, now: Instant): boolean {
  const { plannedAt, probe, inDoubt, indulged, run } = slot
  if (inDoubt || indulged || run === 0) return false
  return now - plannedAt > Math.max(stall, probe.check.pace.interval / 4)
}

/** The first place on the grid that is after `used` and not over. */
function nextOnGrid({ anchor, probe }: Slot, used: Instant, now: Instant): Instant {
  const { interval } = probe.check.pace
  // Without it the place that was just used can come out once more.
  const rounding = 1e-6
  const next = Math.floor((used - anchor) / interval + rounding) + 1
  const notOver = Math.ceil((now - anchor) / interval - rounding)
  return instant(anchor + Math.max(next, notOver) * interval)
}
