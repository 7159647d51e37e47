import type { Finding, Probe } from '../health/check.ts'
import { now } from '../linux/monotonic-clock.ts'
import { ask } from '../probes/ask.ts'
import { bfdSessions } from '../probes/bfd.ts'
import type { FromDirector } from '../status/director-messages.ts'
import { type Instant, seconds } from '../values/duration.ts'

const firstWatch = seconds(10)

export type AskerSite = {
  readonly say: (message: FromDirector) => void
  /** `run` is null for what tells by itself. */
  readonly found: (probe: string, run: number | null, finding: Finding) => void
}

/** Asks what is to be asked: by itself, by `scripts`, or by sessions that tell when they change. */
export class Asker {
  readonly #site: AskerSite
  readonly #running = new Map<number, AbortController>()
  /** Asked by `scripts`, by run. */
  readonly #scripts = new Map<number, Probe>()
  readonly #watched = new Map<string, Probe>()

  constructor(site: AskerSite) {
    this.#site = site
    bfdSessions.onChange = (target, finding) => {
      for (const [id, probe] of this.#watched) {
        const { address, interface: on } = probe.target
        if (address === target.address && on === target.interface) site.found(id, null, finding)
      }
    }
  }

  ask(probe: Probe, run: number, deadline: Instant): void {
    const { id, check, target } = probe
    const { question } = check
    if (question.kind === 'script') {
      this.#scripts.set(run, probe)
      this.#site.say({ kind: 'ask-script', id: run, question, target, within: deadline - now() })
      return
    }
    const controller = new AbortController()
    this.#running.set(run, controller)
    const late = setTimeout(() => controller.abort(), deadline - now())
    void ask(question, target, controller.signal).then(finding => {
      clearTimeout(late)
      // Of a run that was given up nobody wants to hear.
      if (this.#running.delete(run)) this.#site.found(id, run, finding)
    })
  }

  onScriptFound(run: number, finding: Finding): void {
    const probe = this.#scripts.get(run)
    if (probe === undefined) return
    this.#scripts.delete(run)
    this.#site.found(probe.id, run, finding)
  }

  abandon(run: number): void {
    if (this.#scripts.delete(run)) this.#site.say({ kind: 'abandon-script', id: run })
    const controller = this.#running.get(run)
    this.#running.delete(run)
    controller?.abort()
  }

  watch(probe: Probe): void {
    const { id, check, target } = probe
    this.#watched.set(id, probe)
    // BFD begins slowly, by its RFC: what is not up yet is not down.
    const patience = Math.max(check.pace.timeout, firstWatch)
    void ask(check.question, target, AbortSignal.timeout(patience)).then(finding => {
      if (this.#watched.get(id) === probe) this.#site.found(id, null, finding)
    })
  }

  unwatch({ id }: Probe): void {
    this.#watched.delete(id)
    // The same server may be watched again at another pace: its session goes on.
    setImmediate(() => {
      bfdSessions.retain([...this.#watched.values()].map(({ target }) => target))
    })
  }

  close(): void {
    for (const controller of this.#running.values()) controller.abort()
    this.#running.clear()
    this.#watched.clear()
    bfdSessions.close()
  }
}
