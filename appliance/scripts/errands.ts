import { askScript } from '../probes/script-check.ts'
import type { ScriptErrand, ScriptFound } from '../status/director-messages.ts'
import {
  addJobs,
  emptyOrder,
  jobEnded,
  type NotifyOrder,
  type OrderStep,
} from '../vrrp/notify-order.ts'
import type { Notified } from '../vrrp/tracker-messages.ts'
import { HookRun } from './hook-run.ts'

type Job = Extract<ScriptErrand, { kind: 'service-hook' }> & { readonly whose: string }

/** Runs what the director wants run: checks that are scripts, and hooks of services. */
export class Errands {
  readonly #say: (message: ScriptFound | Notified) => void
  readonly #asked = new Map<number, AbortController>()
  readonly #hooks = new Set<HookRun>()
  #order: NotifyOrder<Job> = emptyOrder

  constructor(say: (message: ScriptFound | Notified) => void) {
    this.#say = say
  }

  take(errand: ScriptErrand): void {
    switch (errand.kind) {
      case 'ask-script':
        void this.#ask(errand)
        break
      case 'abandon-script':
        this.#asked.get(errand.id)?.abort()
        this.#asked.delete(errand.id)
        break
      case 'service-hook':
        this.#perform(addJobs(this.#order, [{ ...errand, whose: errand.name }]))
        break
    }
  }

  kill(): void {
    for (const controller of this.#asked.values()) controller.abort()
    this.#asked.clear()
    this.#order = emptyOrder
    for (const run of this.#hooks) run.kill()
  }

  async #ask({ id, question, target, within }: Extract<ScriptErrand, { kind: 'ask-script' }>) {
    const controller = new AbortController()
    this.#asked.set(id, controller)
    const late = setTimeout(() => controller.abort(), within)
    const finding = await askScript(question, target, controller.signal)
    clearTimeout(late)
    if (this.#asked.delete(id)) this.#say({ kind: 'script-found', id, finding })
  }

  /** What is dropped was old news: the newest of a server is never lost. */
  #perform({ order, start }: OrderStep<Job>): void {
    this.#order = order
    for (const { name, state, hook, whose } of start) {
      const { command } = hook
      const run = new HookRun({ command, hook }, result => {
        this.#hooks.delete(run)
        this.#say({ kind: 'notified', of: 'service', name, state, command, ...result })
        this.#perform(jobEnded(this.#order, whose))
      })
      this.#hooks.add(run)
    }
  }
}
