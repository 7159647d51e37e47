import type { Finding, Probe } from '../health/check.ts'
import { ask } from '../probes/ask.ts'
import { bfdSessions } from '../probes/bfd.ts'
import type { FromDirector } from '../status/director-messages.ts'

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
        if (probe.target.address === target.address) site.found(id, null, finding)
      }
    }
  }

  ask(probe: Probe, run: number): void {
    const { id, check, target } = probe
    const { question } = check
    if (question.kind === 'script') {
      this.#scripts.set(run, probe)
      this.#site.say({ kind: 'ask-script', id: run, question, target })
      return
    }
    const controller = new AbortController()
    this.#running.set(run, controller)
    void ask(question, target, controller.signal).then(finding => {
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
    void ask(check.question, target, AbortSignal.timeout(check.pace.timeout)).then(finding => {
      if (this.#watched.get(id) === probe) this.#site.found(id, null, finding)
    })
  }

  unwatch({ id }: Probe): void {
    this.#watched.delete(id)
    bfdSessions.retain([...this.#watched.values()].map(({ target }) => target))
  }

  close(): void {
    for (const controller of this.#running.values()) controller.abort()
    this.#running.clear()
    this.#watched.clear()
    bfdSessions.close()
  }
}
