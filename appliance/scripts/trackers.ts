import type { Verdict } from '../vrrp/priority.ts'
import { looksAtTheSame } from '../vrrp/tracker-change.ts'
import type { TrackerConfig } from '../vrrp/tracker-config.ts'
import type { TrackerVerdict } from '../vrrp/tracker-messages.ts'
import { CheckTracker } from './check-tracker.ts'
import { FileTracker } from './file-tracker.ts'
import { ProcessTrackers } from './process-trackers.ts'
import { ScriptTracker } from './script-tracker.ts'
import type { Tracker } from './tracker.ts'

type Entry = { config: TrackerConfig; readonly tracker: Tracker<TrackerConfig> }

/** All trackers, and what they say together. */
export class Trackers {
  readonly #onVerdicts: (verdicts: readonly TrackerVerdict[]) => void
  readonly #processes = new ProcessTrackers()
  #entries = new Map<string, Entry>()
  #told = new Map<string, TrackerVerdict>()
  #telling: NodeJS.Immediate | null = null
  #closed = false

  constructor(onVerdicts: (verdicts: readonly TrackerVerdict[]) => void) {
    this.#onVerdicts = onVerdicts
  }

  /** Trackers that look at the same as before go on with what they have found. */
  configure(configs: readonly TrackerConfig[], known: readonly TrackerVerdict[]): void {
    const before = this.#entries
    for (const verdict of known) {
      if (!this.#told.has(verdict.name)) this.#told.set(verdict.name, verdict)
    }
    this.#entries = new Map()
    for (const config of configs) {
      const entry = before.get(config.name)
      if (entry === undefined || !looksAtTheSame(entry.config, config)) {
        const from = entry === undefined ? earlierVerdict(known, config.name) : null
        const tracker = this.#start(config, from)
        if (tracker !== null) this.#entries.set(config.name, { config, tracker })
        continue
      }
      before.delete(config.name)
      this.#entries.set(config.name, entry)
      if (JSON.stringify(entry.config) !== JSON.stringify(config)) entry.tracker.adopt(config)
      entry.config = config
    }
    for (const { tracker } of before.values()) tracker.close()
    this.#tell(true)
  }

  /** Nothing more is said: that nobody looks any more is no news about anybody. */
  close(): void {
    this.#closed = true
    for (const { tracker } of this.#entries.values()) tracker.close()
  }

  #start(config: TrackerConfig, known: Verdict | null): Tracker<TrackerConfig> | null {
    const onChange = (): void => this.#tellSoon()
    switch (config.kind) {
      case 'script':
        return new ScriptTracker(config, known, onChange) as Tracker<TrackerConfig>
      case 'process':
        return this.#processes.add(config, known, onChange) as Tracker<TrackerConfig>
      case 'file':
        return new FileTracker(config, known, onChange) as Tracker<TrackerConfig>
      case 'check':
        return new CheckTracker(config, known, onChange) as Tracker<TrackerConfig>
      case 'interface':
      case 'service':
        return null
    }
  }

  /** What changes in the same moment is told together. */
  #tellSoon(): void {
    this.#telling ??= setImmediate(() => this.#tell(false))
  }

  #tell(always: boolean): void {
    this.#telling = null
    if (this.#closed) return
    const before = this.#told
    this.#told = new Map()
    let changed = always
    for (const [name, { tracker }] of this.#entries) {
      const old = before.get(name)
      const verdict = tracker.verdict()
      const turned = old?.state !== verdict.state || old.number !== verdict.number
      const since = turned ? new Date().toISOString() : old.since
      if (turned || old.why !== verdict.why) changed = true
      this.#told.set(name, { name, ...verdict, since })
    }
    if (changed) this.#onVerdicts([...this.#told.values()])
  }
}

/** What was not known then is as unknown as ever. */
const earlierVerdict = (known: readonly TrackerVerdict[], name: string): TrackerVerdict | null =>
  known.find(each => each.name === name && each.state !== 'unknown') ?? null
