import type { Finding } from '../health/check.ts'
import { now } from '../linux/monotonic-clock.ts'
import { ask } from '../probes/ask.ts'
import type { Verdict } from '../vrrp/priority.ts'
import type { TrackerConfig } from '../vrrp/tracker-config.ts'
import { firstJudgement, type Judgement, judge } from '../vrrp/tracker-verdict.ts'
import type { Tracker } from './tracker.ts'

type Config = Extract<TrackerConfig, { kind: 'check' }>

/** Asks something of the network again and again, and judges the answers. */
export class CheckTracker implements Tracker<Config> {
  readonly #onChange: () => void
  readonly #closing = new AbortController()
  #config: Config
  #judgement: Judgement
  #timer: NodeJS.Timeout | null = null

  constructor(config: Config, known: Verdict | null, onChange: () => void) {
    this.#config = config
    this.#onChange = onChange
    const first = firstJudgement(known?.state ?? 'unknown')
    this.#judgement = known === null ? first : { ...first, why: known.why }
    void this.#ask()
  }

  verdict(): Verdict {
    const { state, why } = this.#judgement
    return { state, why, number: null }
  }

  adopt(config: Config): void {
    this.#config = config
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#closing.abort()
  }

  async #ask(): Promise<void> {
    const { check, target } = this.#config
    const began = now()
    const { interval, retryInterval, timeout } = check.pace
    const late = AbortSignal.timeout(Math.ceil(timeout))
    const finding = await ask(check.question, target, AbortSignal.any([this.#closing.signal, late]))
    if (this.#closing.signal.aborted) return
    this.#judgement = judge(this.#judgement, seen(finding), check.pace, now())
    this.#onChange()
    const wait = this.#judgement.against > 0 ? Math.min(interval, retryInterval) : interval
    this.#timer = setTimeout(() => void this.#ask(), Math.max(1, wait - (now() - began)))
  }
}

const seen = (finding: Finding): { readonly ok: boolean; readonly why: string } => ({
  ok: finding.kind === 'passed',
  why: finding.why,
})
