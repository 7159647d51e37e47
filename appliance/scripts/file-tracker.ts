import { FileWatch } from '../probes/file.ts'
import type { Verdict } from '../vrrp/priority.ts'
import { type FileNumber, type FileSeen, fileState, numberOf } from '../vrrp/tracked-file.ts'
import type { TrackerConfig } from '../vrrp/tracker-config.ts'
import type { Tracker } from './tracker.ts'

type Config = Extract<TrackerConfig, { kind: 'file' }>

export class FileTracker implements Tracker<Config> {
  readonly #onChange: () => void
  readonly #watch: FileWatch
  #config: Config
  #seen: FileSeen | null = null
  #number: FileNumber | null

  constructor(config: Config, known: Verdict | null, onChange: () => void) {
    this.#config = config
    this.#onChange = onChange
    this.#number =
      known === null || known.number === null ? null : { number: known.number, why: known.why }
    this.#watch = new FileWatch(config.path, seen => this.#judge(seen))
  }

  verdict(): Verdict {
    if (this.#number === null) return { state: 'unknown', number: null, why: 'not read yet' }
    return { state: fileState(this.#number), ...this.#number }
  }

  adopt(config: Config): void {
    this.#config = config
    if (this.#seen !== null) this.#judge(this.#seen)
  }

  close(): void {
    this.#watch.close()
  }

  #judge(seen: FileSeen): void {
    this.#seen = seen
    this.#number = numberOf(seen, this.#number, this.#config)
    this.#onChange()
  }
}
