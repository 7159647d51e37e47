import { now } from '../linux/monotonic-clock.ts'
import { OutputPipe } from '../probes/output-pipe.ts'
import { type ScriptEnding, ScriptRun } from '../probes/script.ts'
import type { Verdict } from '../vrrp/priority.ts'
import {
  newSchedule,
  type ScheduleInput,
  type ScriptSchedule,
  scheduleWakeAt,
  stepSchedule,
} from '../vrrp/script-schedule.ts'
import type { TrackerConfig } from '../vrrp/tracker-config.ts'
import { type Finding, firstJudgement, type Judgement, judge } from '../vrrp/tracker-verdict.ts'
import { Deadline } from './deadline.ts'
import type { Tracker } from './tracker.ts'

type Config = Extract<TrackerConfig, { kind: 'script' }>

/** Runs a script again and again, and judges what it says. */
export class ScriptTracker implements Tracker<Config> {
  readonly #onChange: () => void
  readonly #deadline: Deadline
  #config: Config
  #schedule: ScriptSchedule
  #judgement: Judgement
  #run: ScriptRun | null = null
  #output: OutputPipe | null = null
  #closed = false

  constructor(config: Config, known: Verdict | null, onChange: () => void) {
    this.#config = config
    this.#onChange = onChange
    this.#schedule = newSchedule(now())
    const first = firstJudgement(known?.state ?? config.initially)
    this.#judgement = known === null ? first : { ...first, why: known.why }
    this.#deadline = new Deadline(() => this.#feed({ input: 'TimerDue', now: now() }))
    void this.#begin()
  }

  verdict(): Verdict {
    const { state, why } = this.#judgement
    return { state, why, number: null }
  }

  adopt(config: Config): void {
    this.#config = config
    this.#feed({ input: 'Configured', now: now() })
  }

  close(): void {
    this.#closed = true
    this.#deadline.clear()
    this.#run?.signal('SIGKILL')
    this.#output?.close()
  }

  async #begin(): Promise<void> {
    const output = await OutputPipe.open().catch((error: Error) => {
      console.error(`${this.#config.name}: its output is not kept: ${error.message}`)
      return null
    })
    if (this.#closed) output?.close()
    else this.#output = output
    this.#feed({ input: 'TimerDue', now: now() })
  }

  #feed(input: ScheduleInput): void {
    if (this.#closed) return
    const { state, effects } = stepSchedule(this.#schedule, input, this.#config)
    this.#schedule = state
    for (const effect of effects) {
      switch (effect.effect) {
        case 'Start':
          this.#start()
          break
        case 'Signal':
          this.#run?.signal(effect.signal)
          break
        case 'Judge':
          this.#judgement = judge(this.#judgement, effect.finding, this.#config, now())
          this.#onChange()
          break
      }
    }
    this.#deadline.set(scheduleWakeAt(this.#schedule, this.#config))
  }

  #start(): void {
    const { command, user } = this.#config
    const order = { command, user, output: this.#output, leftovers: 'end' } as const
    this.#run = new ScriptRun(order, ending => {
      this.#run = null
      const finding = findingOf(ending, this.#output?.lastLine() ?? null)
      this.#feed({ input: 'Ended', now: now(), finding })
    })
  }
}

function findingOf(ending: ScriptEnding, lastLine: string | null): Finding {
  const said = lastLine === null ? '' : `: ${lastLine}`
  switch (ending.how) {
    case 'exited':
      return { ok: ending.code === 0, why: `exit code ${ending.code}${said}` }
    case 'killed':
      return { ok: false, why: `killed by ${ending.signal}${said}` }
    case 'refused':
      return { ok: false, why: ending.why }
  }
}
