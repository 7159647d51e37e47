import { now } from '../linux/monotonic-clock.ts'
import { EventPace } from '../vrrp/event-pace.ts'
import { fifoLine, type HookCall, hookCalls, notifyWords } from '../vrrp/notify-line.ts'
import {
  addJobs,
  emptyOrder,
  isIdle,
  jobEnded,
  mostWaiting,
  type NotifyOrder,
  type OrderStep,
} from '../vrrp/notify-order.ts'
import type { NotifyConfig } from '../vrrp/tracker-config.ts'
import type { FifoTrouble, Notified, RouterEvent } from '../vrrp/tracker-messages.ts'
import { HookRun } from './hook-run.ts'
import { NotifyFifo } from './notify-fifo.ts'

type Job = {
  readonly whose: string
  readonly event: RouterEvent
  readonly state: string
  readonly call: HookCall
}

/** Tells hooks and FIFO what becomes of the routers. */
export class Notifier {
  readonly #say: (message: Notified | FifoTrouble) => void
  readonly #runs = new Set<HookRun>()
  readonly #pace = new EventPace()
  #config: NotifyConfig = { hooks: [], fifo: null, priorityChanges: false }
  #order: NotifyOrder<Job> = emptyOrder
  #fifo: NotifyFifo | null = null
  #lost = 0
  #trouble: string | null = null
  #onIdle: (() => void) | null = null

  constructor(say: (message: Notified | FifoTrouble) => void) {
    this.#say = say
  }

  /** Hooks that wait for events of before still run, as they were configured then. */
  configure(config: NotifyConfig): void {
    this.#config = config
    if (config.fifo === (this.#fifo?.path ?? null)) return
    this.#fifo?.close()
    const path = config.fifo
    this.#trouble = null
    this.#fifo =
      path === null
        ? null
        : new NotifyFifo(path, (lines, why) => this.#tellTrouble(path, lines, why))
  }

  tell(events: readonly RouterEvent[]): void {
    for (const event of events) {
      const words = notifyWords(event, this.#config)
      if (words === null) continue
      const whose = `${event.of} ${event.name}`
      // A change of priority must not push out the state, should one line have to wait.
      this.#fifo?.write(`${whose} ${event.what}`, fifoLine(words))
      const { state } = words
      const calls = hookCalls(event, words, this.#config.hooks)
      const jobs = calls.map((call): Job => ({ whose, event, state, call }))
      this.#perform(addJobs(this.#order, jobs))
    }
  }

  /** Calls back when no hook runs or waits any more. */
  whenIdle(then: () => void): void {
    this.#onIdle = then
    if (isIdle(this.#order)) then()
  }

  kill(): void {
    this.#onIdle = null
    this.#order = emptyOrder
    for (const run of this.#runs) run.kill()
    this.#fifo?.close()
  }

  #perform({ order, start, dropped }: OrderStep<Job>): void {
    this.#order = order
    for (const job of dropped) {
      const why = `${mostWaiting} hooks of ${job.event.name} waited already`
      const at = new Date().toISOString()
      const outcome = { how: 'dropped', why } as const
      this.#say({ ...about(job), outcome, at, durationMs: 0, lastLine: null })
    }
    for (const job of start) {
      const run = new HookRun(job.call, result => {
        this.#runs.delete(run)
        this.#say({ ...about(job), ...result })
        this.#perform(jobEnded(this.#order, job.whose))
        if (isIdle(this.#order)) this.#onIdle?.()
      })
      this.#runs.add(run)
    }
  }

  #tellTrouble(path: string, lines: number, why: string): void {
    this.#lost += lines
    if (this.#lost === 0 && why === this.#trouble) return
    if (this.#pace.admit(path, now()) === 0) return
    this.#say({ kind: 'fifo-trouble', path, lines: this.#lost, why })
    this.#lost = 0
    this.#trouble = why
  }
}

const about = ({ event, state, call }: Job) =>
  ({ kind: 'notified', of: event.of, name: event.name, state, command: call.command }) as const
